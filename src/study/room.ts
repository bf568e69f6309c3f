/** Whether a study can be run to its end here: refuses before anything is stored. */
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { planStudy, rowBytes } from '../engine/plan.js';
import { inputError } from '../errors.js';
import { showBytes, showDuration, showNumber } from '../model/units.js';
import { acceptance, gridOf, type Study } from '../space/study.js';

/** Nobody waits longer. */
const LONGEST_RUN_DAYS = 366;
const SECONDS_PER_DAY = 86_400;

/** A grid of fewer points takes less than the longest run on any machine. */
const SURELY_SHORT_POINTS = 1e12;

/**
 * Throws an input error, with an estimate and ways out, if a study's rows cannot fit on the disk of its folder, or if
 * its run would take longer than a year.
 *
 * @param leftPoints points of the grid that the run is to evaluate
 */
export function checkRoom(study: Study, folder: string, leftPoints: number, workers?: number): void {
  const { size } = gridOf(study);
  const points = acceptance(study).accepted ?? size;
  const needed = study.store === 'all' ? points * (leftPoints / size) * rowBytes(study) : 0;
  const free = freeBytes(folder);
  const isFull = needed > free;
  if (!isFull && size < SURELY_SHORT_POINTS) return;
  const { estimated_seconds: seconds } = planStudy(study, workers);
  if (!isFull && !isLong(seconds * (leftPoints / size))) return;
  const disk = study.store === 'all' ? ` and ${showBytes(needed)} of disk, of which ${showBytes(free)} are free` : '';
  throw inputError({
    what: `${showNumber(points)} points would take about ${showDuration(seconds)}${disk}`,
    file: folder,
    expected: `fewer values or axes, constraints${isFull ? wayOut(study, workers) : ''}, or delta-sweep frontier, which finds the front without evaluating all points (delta-sweep plan tells time and disk)`,
  });
}

const isLong = (seconds: number) => seconds > LONGEST_RUN_DAYS * SECONDS_PER_DAY;

/** What needs next to no disk, and whether it helps. */
function wayOut(study: Study, workers: number | undefined): string {
  const { estimated_seconds: seconds } = planStudy({ ...study, store: 'front' }, workers);
  const catchOfIt = isLong(seconds) ? ' but would take longer than a year too' : '';
  return `, 'store: { points: front }', which keeps the front alone${catchOfIt}`;
}

/** Bytes free on the disk that a folder is on, or will be. */
function freeBytes(folder: string): number {
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  return bavail * bsize;
}
