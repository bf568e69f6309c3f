/** The most memory of `delta-sweep run`: it must not grow with the study. */
import { join } from 'node:path';
import type { Check, Outcome } from './measure.js';
import { inFolder, peakMemoryOf, writeSpec } from './program.js';
import { referenceSpec } from './reference.js';

const MILLIONS = [1, 10];
const MOST_MB = 600;
const MOST_GROWTH = 1.25;

export async function memoryBench(): Promise<Outcome> {
  if (process.platform !== 'linux')
    return { timings: [], notes: ['memory: only Linux tells the most that a process had'] };
  const peaks: number[] = [];
  for (const millions of MILLIONS) {
    const peak = await inFolder((folder) =>
      peakMemoryOf(['run', writeSpec(folder, referenceSpec(millions)), '--out', join(folder, 'study')]),
    );
    peaks.push(peak);
  }
  const [one, ten] = peaks as [number, number];
  const most: Check[] = peaks.map((peak, i) => ({
    ...{ name: `most memory of a run of ${MILLIONS[i]} million points`, value: peak / 1e6, bar: MOST_MB },
    ...{ passes: 'at most', unit: 'MB' },
  }));
  const growth: Check = {
    ...{ name: 'most memory, 10 million points / 1 million', value: ten / one, bar: MOST_GROWTH },
    ...{ passes: 'at most', unit: 'x' },
  };
  return { timings: [], checks: [...most, growth] };
}
