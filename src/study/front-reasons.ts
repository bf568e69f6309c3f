import type { FrontRow } from '../analysis/front-marks.js';
import type { FrontQuery } from '../analysis/front-query.js';
import { reasonCells } from '../model/reasons.js';
import { PointEvaluator } from '../space/evaluate-point.js';
import type { Study } from '../space/study.js';
import { pause, type StudyOptions } from './options.js';

/** A larger front has reasons for its marked designs alone: a design takes 10 ms. */
const MOST_REASONED = 500;

/** Adds to the designs of a front why each takes its time, unless all points have that. */
export async function addReasons(
  study: Study,
  { over }: FrontQuery,
  front: readonly FrontRow[],
  options: StudyOptions,
): Promise<void> {
  if (study.reasons === 'all' || over !== 'each') return;
  const isLarge = front.length > MOST_REASONED;
  if (isLarge)
    options.onNote?.(
      `note: of ${front.length} designs, only the balanced ones and the knees get the reasons of their times`,
    );
  const evaluator = new PointEvaluator(study);
  for (const design of front) {
    if (isLarge && !design.balanced && !design.knee) continue;
    await pause(options);
    const reasons = evaluator.reasonsOfId(design.id);
    if (!('infeasible' in reasons)) Object.assign(design, reasonCells(reasons));
  }
}
