/** `frontier`: what is left of a search, then the front that it has found. */
import { frontOf } from '../analysis/front.js';
import { marksOf } from '../analysis/front-marks.js';
import type { FrontQuery } from '../analysis/front-query.js';
import { showLimit } from '../analysis/limits.js';
import { designRows } from '../engine/evaluate-designs.js';
import type { FrontRow } from '../analysis/front-marks.js';
import { findFrontier, type Frontier } from '../engine/find-frontier.js';
import type { Shard } from '../engine/shards.js';
import { DeltaSweepError, inputError } from '../errors.js';
import { describeFrontier } from '../report/frontier.js';
import { planNotes } from '../report/plan.js';
import { describeInterrupted } from '../report/run.js';
import { acceptance, gridOf, unreadAxes, workloadNames, type Study } from '../space/study.js';
import { FrontierFile } from '../storage/shards/frontier-file.js';
import { searchNeighbours } from '../storage/shards/frontier-shards.js';
import { identify } from '../storage/folder/identity.js';
import { checkNeighbours, shardFolder } from '../storage/shards/shard-folders.js';
import { addReasons, type StudyFront } from './fronts.js';
import { note } from './output.js';
import { progressLine } from './progress.js';
import { stopOnSignals } from './signals.js';

export interface FindOptions {
  fresh: boolean;
  /** Threads; default: one a core. */
  workers?: number;
  /** A shard of the search; default: all of it. */
  shard?: Shard | undefined;
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
  const { frontier, seconds } = await searchWhatIsLeft(study, query, folder, options);
  note(describeFrontier(gridOf(study).size, frontier.state, seconds));
  return frontWithRows(study, query, frontier, seconds);
}

/** What is left of a search, or of a shard of it. */
async function searchWhatIsLeft(study: Study, query: FrontQuery, folder: string, options: FindOptions) {
  const file = new FrontierFile(folder, study, query, options.shard);
  const signals = stopOnSignals();
  try {
    if (options.fresh) file.remove();
    const found = await search(study, query, file, options, signals.signal);
    const { state, stopped } = found.frontier;
    if (stopped)
      throw new DeltaSweepError('interrupted', [{ what: describeInterrupted(options.fresh && state.rounds > 0) }]);
    if (state.ofRounds === 0) file.write(state, found.seconds); // more shards than parts: this one has none
    return found;
  } finally {
    signals.dispose();
    file.close();
  }
}

/** What a shard of a search has come to. */
export interface SearchShardResult {
  study: string;
  shard: Shard;
  folder: string;
  /** Designs that may be on the front, and that were evaluated. */
  candidates: number;
  evaluated: number;
  seconds: number;
}

/** Searches a shard of a study's grid; `folder` is that of the whole search. */
export async function searchShard(
  study: Study,
  query: FrontQuery,
  folder: string,
  options: FindOptions & { shard: Shard },
): Promise<SearchShardResult> {
  const { shard } = options;
  checkNeighbours(searchNeighbours(folder), identify(study), shard);
  const own = shardFolder(folder, shard);
  const { frontier, seconds } = await searchWhatIsLeft(study, query, own, options);
  const { designs, fronts } = frontier.state;
  const candidates = fronts.reduce((sum, { ids }) => sum + ids.length, 0);
  return { study: study.name, shard, folder: own, candidates, evaluated: designs, seconds };
}

async function search(
  study: Study,
  query: FrontQuery,
  file: FrontierFile,
  { workers, shard }: FindOptions,
  signal: AbortSignal,
): Promise<{ frontier: Frontier; seconds: number }> {
  const earlier = file.read();
  const { rounds = 0, ofRounds } = earlier?.state ?? {};
  if (earlier && rounds === ofRounds) note('this front was found before; nothing to do (--fresh searches again)');
  else if (earlier) note(`resuming: ${rounds} of ${ofRounds} rounds are done`);
  const progress = progressLine(process.stderr, 'designs proven');
  const start = performance.now();
  let seconds = earlier?.seconds ?? 0;
  const before = seconds;
  try {
    const frontier = await findFrontier(study, query, {
      ...(workers === undefined ? {} : { workers }),
      shard,
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

/** The front that a search has come to, row by row. */
export function frontWithRows(
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
  const front = marked.map((design): FrontRow => ({
    ...rows.get(design.id)!,
    ...marksOf(design),
    id: design.id,
  }));
  addReasons(study, query, front);
  const points = acceptance(study).accepted ?? gridOf(study).size;
  return { study, ...query, front, points, evaluated: state.designs, seconds };
}
