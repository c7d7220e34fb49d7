// The files that every server gets: images of the policies, the application's answers, a certificate, a log.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAnswers } from './answers.mjs';
import { CERTIFICATE_NAMES } from './sites.mjs';

const SOURCES = join(import.meta.dirname, 'policies');

/** Returns the wire's `certificate`, the `env` of the servers, and the `context` of their `start`. */
export async function prepare({ target, folder, binaries }) {
  const run = join(folder, 'run');
  rmSync(run, { recursive: true, force: true });
  const [policies, answers] = ['policies', 'answers'].map((name) => join(run, name));
  for (const made of [policies, answers]) mkdirSync(made, { recursive: true });
  for (const file of readdirSync(SOURCES)) {
    const image = join(policies, file.replace(/\.toml$/, '.cors'));
    execFileSync(join(binaries, 'cors'), ['compile', join(SOURCES, file), '-o', image], { stdio: 'pipe' });
  }
  await writeAnswers(answers, join(folder, 'font.ttf'));
  const log = join(run, 'application.log');
  writeFileSync(log, '');
  const files = makeCertificate(run);
  const env = { E2E_POLICIES: policies, E2E_ANSWERS: answers, E2E_LOG: log };
  const certificate = { key: readFileSync(files.key), cert: readFileSync(files.cert) };
  return { certificate, env, context: { env, policies, target, binaries, venv: join(folder, 'venv'), certificate: files, folder: run } };
}

/** Makes a certificate for all sites; returns its files, `{ key, cert }`. */
export function makeCertificate(folder) {
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'certificate.pem') };
  const names = CERTIFICATE_NAMES.map((name) => `DNS:${name}`).join(',');
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=example.com', '-addext', `subjectAltName=${names}`, '-keyout', files.key, '-out', files.cert],
    { stdio: 'pipe' },
  );
  return files;
}
