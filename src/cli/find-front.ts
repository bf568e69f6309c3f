/** `frontier`: what is left of a search, then the front that it has found. */
import { frontOf } from '../analysis/front.js';
import { marksOf } from '../analysis/front-marks.js';
import type { FrontQuery } from '../analysis/front-query.js';
import { showLimit } from '../analysis/limits.js';
import { designRows } from '../engine/evaluate-designs.js';
import { findFrontier, type Frontier } from '../engine/find-frontier.js';
import { DeltaSweepError, inputError } from '../errors.js';
import { describeFrontier } from '../report/frontier.js';
import { planNotes } from '../report/plan.js';
import { describeInterrupted } from '../report/run.js';
import { acceptance, gridOf, unreadAxes, workloadNames, type Study } from '../space/study.js';
import { FrontierFile } from '../store/frontier-file.js';
import { addReasons, type FrontDesignRow, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { progressLine } from './progress.js';
import { stopOnSignals } from './signals.js';

export interface FindOptions {
  fresh: boolean;
  /** Threads; default: one a core. */
  workers?: number;
}

/** A front that was found without evaluating all designs. */
export interface FoundFront extends StudyFront {
  /** Designs whose own time was worked out. */
  evaluated: number;
}

/** Finds the front of a study, or goes on with an earlier search in the folder. Throws where a signal stops it. */
export async function findFront(
  study: Study,
  query: FrontQuery,
  folder: string,
  options: FindOptions,
): Promise<FoundFront> {
  planNotes({ model: study.model, unread_axes: unreadAxes(study), workloads: workloadNames(study) }).forEach(note);
  const file = new FrontierFile(folder, study, query);
  const signals = stopOnSignals();
  try {
    if (options.fresh) file.remove();
    const { frontier, seconds } = await search(study, query, file, options, signals.signal);
    if (frontier.stopped)
      throw new DeltaSweepError('interrupted', [
        { what: describeInterrupted(options.fresh && frontier.state.rounds > 0) },
      ]);
    note(describeFrontier(gridOf(study).size, frontier.state, seconds));
    return frontWithRows(study, query, frontier, seconds);
  } finally {
    signals.dispose();
    file.close();
  }
}

async function search(
  study: Study,
  query: FrontQuery,
  file: FrontierFile,
  { workers }: FindOptions,
  signal: AbortSignal,
): Promise<{ frontier: Frontier; seconds: number }> {
  const earlier = file.read();
  const { rounds = 0, ofRounds } = earlier?.state ?? {};
  if (earlier && rounds === ofRounds) note('found before; nothing to do (--fresh starts anew)');
  else if (earlier) note(`going on where an earlier search stopped: ${rounds} of ${ofRounds} rounds are done`);
  const progress = progressLine(process.stderr, 'designs proven');
  const start = performance.now();
  let seconds = earlier?.seconds ?? 0;
  const before = seconds;
  try {
    const frontier = await findFrontier(study, query, {
      ...(workers === undefined ? {} : { workers }),
      state: earlier?.state,
      signal,
      onProgress: progress.update.bind(progress),
      onRound: (state) => {
        seconds = before + (performance.now() - start) / 1000;
        file.write(state, seconds);
      },
    });
    return { frontier, seconds };
  } finally {
    progress.clear();
  }
}

function frontWithRows(
  study: Study,
  query: FrontQuery,
  { fronts, facts, state }: Frontier,
  seconds: number,
): FoundFront {
  const marked = frontOf(study, fronts);
  if (marked.length === 0 && query.limits.length > 0)
    throw inputError({ what: `no design has ${query.limits.map(showLimit).join(' and ')}`, expected: 'wider limits' });
  const ids = marked.map(({ id }) => id).sort((a, b) => a - b);
  const rows = new Map(designRows(study, facts, ids).map((row) => [row.id, row]));
  const front = marked.map((design): FrontDesignRow => ({
    ...rows.get(design.id)!,
    ...marksOf(design),
    id: design.id,
  }));
  addReasons(study, query, front);
  const points = acceptance(study).accepted ?? gridOf(study).size;
  return { study, ...query, front, points, evaluated: state.designs, seconds };
}
