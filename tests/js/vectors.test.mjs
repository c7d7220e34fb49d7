// The vectors in Node, by way of either module; and images against those of `cors compile`.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

import { ConfigError, Policy } from "cors-engine";
import { Policy as EdgePolicy } from "cors-engine/edge";

import { RISKS, camelCase, decisions, file, load, options, runDecisions, text, value, withOptionNames } from "./vectors.mjs";

const ANY = { allowCredentials: true, acceptRisks: RISKS };

const policyOf = ({ policy }) => new Policy({ ...options(policy), acceptRisks: RISKS });

test("decisions, by the whole engine", () => console.log(`node: ${runDecisions(policyOf)}`));

test("decisions, by the engine that evaluates alone", () => {
  runDecisions((each) => EdgePolicy.fromImage(policyOf(each).toImage()));
});

test("origins", () => {
  const policy = new Policy({ allowOrigins: ["*"], ...ANY });
  for (const { rule, origin, error } of load("origins")) {
    const { denial } = policy.evaluate("GET", [["origin", value(origin)]]);
    assert.equal(denial, error === undefined ? null : "MalformedOrigin", `${rule} ${value(origin)}`);
  }
});

test("patterns", () => {
  const malformed = new Policy({ allowOrigins: ["*"], ...ANY });
  for (const { rule, pattern, error, advice, matches, rejects } of load("patterns")) {
    const name = `${rule} ${text(pattern)}`;
    const problems = Policy.check({ allowOrigins: [text(pattern)], ...ANY });
    if (error !== undefined) {
      assert.deepEqual(problems.map(({ kind, advice }) => [kind, advice]), [[`Pattern(${error})`, advice]], name);
      continue;
    }
    const policy = new Policy({ allowOrigins: [text(pattern)], ...ANY });
    for (const [origin, allowed] of [...matches.map((origin) => [origin, true]), ...rejects.map((origin) => [origin, false])]) {
      const headers = { origin: value(origin) };
      const isOrigin = malformed.evaluate("GET", headers).allowed;
      const expected = allowed ? null : isOrigin ? "OriginNotAllowed" : "MalformedOrigin";
      assert.equal(policy.evaluate("GET", headers).denial, expected, `${name}: ${value(origin)}`);
      assert.equal(policy.allowsOrigin(value(origin)), allowed, `${name}: ${value(origin)}`);
    }
  }
});

// The public suffixes of the vectors are few; the list has more, below two of the names that are none of the vectors'.
const BY_THE_LIST = new Set(["Risk(PublicSuffix)"]);

test("configs", () => {
  let refused = 0;
  for (const { rule, name, config, problems } of load("configs")) {
    const got = Policy.check(options(config));
    const pairs = (list) => list.filter(({ kind, problem }) => !BY_THE_LIST.has(kind ?? problem));
    const expected = pairs(problems).map(({ field, index, problem, message }) => [camelCase(field), index, problem, withOptionNames(text(message))]);
    assert.deepEqual(pairs(got).map(({ field, index, kind, message }) => [field, index, kind, message]), expected, `${rule} ${name}`);
    if (got.length === 0) {
      new Policy(options(config));
      continue;
    }
    refused += 1;
    assert.throws(() => new Policy(options(config)), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.deepEqual(error.problems, got);
      return true;
    });
  }
  assert.ok(refused > 0);
});

test("attacks on policies are refused", () => {
  for (const { rule, name, policy, problems } of load("attacks").filter(({ problems }) => problems !== undefined)) {
    const got = Policy.check(options(policy)).map(({ kind }) => kind);
    assert.deepEqual(got, problems.map(({ problem }) => problem), `${rule} ${name}`);
  }
});

test("images are those of `cors compile`", () => {
  decisions.forEach((each, index) => {
    if (index % 10 !== 0) return;
    const image = policyOf(each).toImage();
    const input = file({ ...each.policy, accept_risks: RISKS });
    const compiled = execFileSync(process.env.CORS_COMMAND, ["compile", "-", "-o", "-"], { input, stdio: ["pipe", "pipe", "ignore"] });
    assert.deepEqual(Buffer.from(image), compiled, each.name);
    assert.deepEqual(Buffer.from(Policy.fromJson(input).toImage()), compiled, each.name);
    assert.deepEqual(new Policy(policyOf(each).config).toImage(), image, each.name);
  });
});
