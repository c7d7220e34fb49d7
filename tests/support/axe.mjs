// axe-core, which finds what is hard to reach: its script, to run in a page.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
