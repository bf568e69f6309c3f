import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { rowBytes } from '../engine/plan.js';
import { inputError } from '../errors.js';
import { showBytes, showNumber } from '../model/units.js';
import { acceptance, gridOf, type Study } from '../space/study.js';

/** Throws an input error if a study cannot fit on the disk that its folder is on. */
export function checkRoom(study: Study, folder: string): void {
  const points = acceptance(study).accepted ?? gridOf(study).size;
  const needed = points * rowBytes(study);
  let place = resolve(folder);
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  if (needed > bavail * bsize)
    throw inputError({
      what: `${showNumber(points)} points would take about ${showBytes(needed)}, and ${showBytes(bavail * bsize)} are free`,
      file: folder,
      expected: 'fewer points, or more room (delta-sweep plan tells time and disk)',
    });
}
