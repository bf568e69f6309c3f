/** The most memory of `delta-sweep run`: it must not grow with the study. */
import { join } from 'node:path';
import type { Check, Outcome } from './measure.js';
import { inFolder, peakMemoryOf, writeSpec } from './program.js';
import { referenceSpec } from './reference.js';

const MILLIONS = [1, 10];

export async function memoryBench(): Promise<Outcome> {
  if (process.platform !== 'linux')
    return { timings: [], notes: ['memory: only Linux tells the most that a process had'] };
  const checks: Check[] = [];
  for (const millions of MILLIONS) {
    const peak = await inFolder((folder) =>
      peakMemoryOf(['run', writeSpec(folder, referenceSpec(millions)), '--out', join(folder, 'study')]),
    );
    const name = `most memory of a run of ${millions} million points`;
    checks.push({ name, value: peak / 2 ** 20, passes: 'at most', unit: 'MiB' });
  }
  return { timings: [], checks };
}
