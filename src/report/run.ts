/** The result of a run, in one line. */
import { oneLine } from '../errors.js';
import { showDuration, showNumber } from '../model/units.js';
import type { Study } from '../space/study.js';

/** The number of points that a run stored, and those of other outcomes. */
export interface RunCounts {
  points: number;
  rejected: number;
  failed: number;
}

export function describeRun(
  folder: string,
  { store }: Study,
  { points, rejected }: RunCounts,
  onFront: number,
  seconds: number,
): string {
  const stored =
    store === 'all'
      ? `${showNumber(points)} points stored`
      : `${showNumber(points)} points evaluated, ${showNumber(onFront)} on the front stored`;
  return `${stored}, ${showNumber(rejected)} rejected, in ${showDuration(seconds)}: ${folder}`;
}

/** Chunks that could not be evaluated, the first one with its cause. */
export function describeFailures(
  folder: string,
  { points, failed }: RunCounts,
  first: { first_id: number; end_id: number; cause: string } | undefined,
  fresh: boolean,
): string {
  const which = first
    ? ` (ids ${showNumber(first.first_id)} to ${showNumber(first.end_id - 1)}: ${oneLine(first.cause)})`
    : '';
  return (
    `${folder}: ${showNumber(failed)} ${failed === 1 ? 'chunk' : 'chunks'} could not be evaluated${which}; ` +
    `${showNumber(points)} points are stored, ` +
    (fresh ? 'run it again without --fresh to try the rest' : 'the same command tries the rest again')
  );
}

/**
 * The message of a run that was stopped.
 *
 * @param fresh whether the same command would start over
 */
export function describeInterrupted(fresh: boolean): string {
  return `interrupted; ${fresh ? 'run it again without --fresh to resume' : 'the same command resumes'} where it stopped`;
}
