/** Finds the exact front of a grid without evaluating all of it, or what is left of an earlier search in the folder. */
import { frontOf } from '../analysis/front.js';
import { marksOf, type FrontRow } from '../analysis/front-marks.js';
import type { FrontQuery } from '../analysis/front-query.js';
import { showLimit } from '../analysis/limits.js';
import { designRows } from '../engine/evaluate-designs.js';
import { findFrontier, type Frontier } from '../engine/find-frontier.js';
import { checkBounds, checkGoals } from '../engine/frontier/goals.js';
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import { loadStudy, type StudySource } from '../space/files/spec-file.js';
import { acceptance, gridOf, type Study } from '../space/study.js';
import { identify } from '../storage/folder/identity.js';
import { FrontierFile } from '../storage/shards/frontier-file.js';
import { searchNeighbours } from '../storage/shards/frontier-shards.js';
import { checkNeighbours, shardFolder } from '../storage/shards/shard-folders.js';
import { addReasons } from './front-reasons.js';
import type { StudyFront } from './front-rows.js';
import { interrupted, progressIn, secondsSince, workersOf, type StudyOptions } from './options.js';
import { completeQuery, type FrontRequest } from './pareto.js';
import { describeInterrupted, studyNotes } from './run-messages.js';
import type { RunShardOptions, RunStudyOptions } from './run-study.js';

/** A front that was found without evaluating all designs. */
export interface FoundFront extends StudyFront {
  /** Designs whose own time was computed, and boxes of designs that were ruled out. */
  evaluated: number;
  boxes: number;
}

/** What is asked of the front of a grid that is searched. */
export type SearchRequest = Omit<FrontRequest, 'over'>;

/** Finds the front of a study; `out` keeps the state of the search. Throws where a signal stops it. */
export async function searchFrontier(
  source: StudySource,
  request: SearchRequest,
  options: RunStudyOptions,
): Promise<FoundFront> {
  const study = loadStudy(source, options.directory);
  const query = queryAsked(study, request);
  studyNotes(study).forEach((note) => options.onNote?.(note));
  const { frontier, seconds } = await searchWhatIsLeft(study, query, options.out, options);
  return frontWithRows(study, query, frontier, seconds, options);
}

/** The query of a search; an input error where a goal cannot be bounded. */
function queryAsked(study: Study, request: SearchRequest): FrontQuery {
  const query = completeQuery(study, request);
  checkGoals(query);
  checkBounds(study);
  return query;
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

/** Searches a shard of a study's grid; `out` is the folder of the whole search. */
export async function searchShard(
  source: StudySource,
  request: SearchRequest,
  { shard, ...options }: RunShardOptions,
): Promise<SearchShardResult> {
  const study = loadStudy(source, options.directory);
  const query = queryAsked(study, request);
  checkNeighbours(searchNeighbours(options.out), identify(study), shard);
  const own = shardFolder(options.out, shard);
  const { frontier, seconds } = await searchWhatIsLeft(study, query, own, options, shard);
  const { designs, fronts } = frontier.state;
  const candidates = fronts.reduce((sum, { ids }) => sum + ids.length, 0);
  return { study: study.name, shard, folder: own, candidates, evaluated: designs, seconds };
}

/** A search that has ended, and the seconds of all its runs. */
interface Searched {
  frontier: Frontier;
  seconds: number;
}

/** What is left of a search, or of a shard of it. */
async function searchWhatIsLeft(
  study: Study,
  query: FrontQuery,
  folder: string,
  options: RunStudyOptions,
  shard?: Shard,
): Promise<Searched> {
  const file = new FrontierFile(folder, study, query, shard);
  try {
    if (options.fresh) file.remove();
    const found = await search(study, query, file, options, shard);
    const { state, stopped } = found.frontier;
    if (stopped) throw interrupted(describeInterrupted(options.fresh === true && state.rounds > 0));
    if (state.ofRounds === 0) file.write(state, found.seconds); // more shards than pieces: this one has none
    return found;
  } finally {
    file.close();
  }
}

async function search(
  study: Study,
  query: FrontQuery,
  file: FrontierFile,
  options: RunStudyOptions,
  shard: Shard | undefined,
): Promise<Searched> {
  const { onNote, signal } = options;
  const earlier = file.read();
  const { rounds = 0, ofRounds } = earlier?.state ?? {};
  if (earlier && rounds === ofRounds) onNote?.('this front was found before; nothing to do (--fresh searches again)');
  else if (earlier) onNote?.(`resuming: ${rounds} of ${ofRounds} rounds are done`);
  const start = performance.now();
  let seconds = earlier?.seconds ?? 0;
  const before = seconds;
  const frontier = await findFrontier(study, query, {
    ...workersOf(options),
    ...(signal ? { signal } : {}),
    shard,
    state: earlier?.state,
    onProgress: progressIn('designs proven', options),
    onRound: (state) => {
      seconds = before + secondsSince(start);
      file.write(state, seconds);
    },
  });
  return { frontier, seconds };
}

/** The front that a search has come to, row by row. */
export async function frontWithRows(
  study: Study,
  query: FrontQuery,
  { fronts, facts, state }: Frontier,
  seconds: number,
  options: StudyOptions,
): Promise<FoundFront> {
  const marked = frontOf(study, fronts);
  if (marked.length === 0 && query.limits.length > 0)
    throw inputError({ what: `no design has ${query.limits.map(showLimit).join(' and ')}`, expected: 'wider limits' });
  const ids = marked.map(({ id }) => id).sort((a, b) => a - b);
  const rows = new Map(designRows(study, facts, ids).map((row) => [row.id, row]));
  const designs = marked.map((design): FrontRow => ({ ...rows.get(design.id)!, ...marksOf(design), id: design.id }));
  await addReasons(study, query, designs, options);
  const points = acceptance(study).accepted ?? gridOf(study).size;
  return { study, ...query, designs, points, evaluated: state.designs, boxes: state.boxes, seconds };
}
