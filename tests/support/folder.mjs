// Folders of tests.

import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Removes a folder in which a process that has just ended may still write. Node's own retries do not list the folder again, and wait
 * in vain for a file that came meanwhile.
 */
export async function removeFolder(path) {
  for (let tries = 1; ; tries += 1) {
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === 50) throw error;
    }
    await sleep(100);
  }
}
