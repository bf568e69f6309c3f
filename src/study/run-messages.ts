/** How a run ended before its time, in a line. */
import { oneLine } from '../errors.js';
import { showNumber } from '../model/units.js';
import { workloadNames, type Study } from '../space/study.js';
import { unreadAxes } from '../space/unread-axes.js';

/** What a run has stored. */
export interface RunCounts {
  points: number;
  rejected: number;
  failed: number;
}

/** What a user should know before the run; one line each. */
export function studyNotes(study: Study): string[] {
  const backward = [...new Set(workloadNames(study).map(({ pass }) => pass))].filter((pass) => pass !== 'forward');
  return [
    ...unreadAxes(study).map((id) => `note: model ${study.model} reads nothing from ${id}: it moves area at most`),
    ...backward.map(
      (pass) => `note: ${pass}: backward passes are estimates, far less certain than forward (docs/model.md, 13.3)`,
    ),
  ];
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
 * @param fresh whether the same command would start anew
 */
export function describeInterrupted(fresh: boolean): string {
  return `interrupted; ${fresh ? 'run it again without --fresh to resume' : 'the same command resumes'} where it stopped`;
}
