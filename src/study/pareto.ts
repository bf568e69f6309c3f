/** The Pareto front of a stored study, over its own objectives or others. */
import { contradictionOverAll, describeGoals, objectivesOver, type FrontQuery } from '../analysis/front-query.js';
import type { Limit } from '../analysis/limits.js';
import { METRICS_OVER_ALL, OVER_WORKLOADS, SPEED_OVER_ALL, type OverWorkloads } from '../analysis/over-workloads.js';
import { showShard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import { NUMERIC_METRICS } from '../model/metrics.js';
import { checkChoice } from '../space/files/settings.js';
import { repeatedMetric, type Objective, type Study } from '../space/study.js';
import { readManifest } from '../storage/folder/manifest.js';
import { computeFront } from './compute-front.js';
import type { StudyFront } from './front-rows.js';
import type { StudyOptions } from './options.js';

/** A front that is asked for; what is left out is that of the study. */
export interface FrontRequest {
  /** Default: the study's own. */
  objectives?: readonly Objective[] | undefined;
  /** A front for each workload, or one over all of them; default: `each`. */
  over?: OverWorkloads | undefined;
  /** Designs beyond one of them do not compete; default: none. */
  limits?: readonly Limit[] | undefined;
}

/** Computes the front of what a study's folder holds, and stores it in the study. */
export async function paretoOf(
  folder: string,
  request: FrontRequest = {},
  options: StudyOptions = {},
): Promise<StudyFront> {
  const { onNote } = options;
  const { study, finished, shard } = readManifest(folder);
  const query = completeQuery(study, request);
  checkStored(study, query);
  if (study.store === 'front' && !isOfStoredFront(query, study))
    onNote?.('note: this study stores its own front alone; this is the front of what is stored');
  if (finished === null)
    onNote?.('note: the run of this study has not finished; this is the front of what is stored so far');
  if (shard) onNote?.(`note: this is shard ${showShard(shard)} of the study: the front of its points alone`);
  return computeFront(folder, study, query, options);
}

/** The front that is asked of a study, with the study's own objectives where the request has none. */
export function completeQuery(study: Study, { objectives = [], over = 'each', limits = [] }: FrontRequest): FrontQuery {
  checkChoice('over', over, OVER_WORKLOADS);
  checkMetrics(
    'objective',
    objectives,
    NUMERIC_METRICS.map(({ name }) => name),
  );
  checkMetrics(
    'limit',
    limits,
    (over === 'each' ? NUMERIC_METRICS : METRICS_OVER_ALL).map(({ name }) => name),
  );
  const twice = repeatedMetric(objectives);
  if (twice) throw inputError({ what: `objective ${twice} is there twice` });
  const wanted = objectives.length > 0 ? objectives : study.objectives;
  const against = over === 'each' ? undefined : contradictionOverAll(wanted);
  if (against) {
    const [a, b] = against.map((objective) => `'${describeGoals([objective])}'`);
    throw inputError({
      what: `over all workloads, ${a} and ${b} ask for opposite ${SPEED_OVER_ALL}s`,
      got: `--over ${over}`,
      expected: 'one of them',
    });
  }
  return { objectives: objectivesOver(over, wanted), over, limits };
}

function checkMetrics(what: string, asked: readonly { metric: string }[], known: readonly string[]): void {
  for (const { metric } of asked) checkChoice(what, metric, known);
}

function checkStored({ store }: Study, { over }: FrontQuery): void {
  if (store === 'front' && over !== 'each')
    throw inputError({
      what: 'this study stores the front of each workload alone',
      got: `--over ${over}`,
      expected: '--over each, or a study with store: { points: all }',
    });
}

/** Whether a front is made of designs of the study's own one: of its objectives, with limits that cut it. */
function isOfStoredFront({ objectives, limits }: FrontQuery, { objectives: own }: Study): boolean {
  const isOwn = (metric: string, goal: Objective['goal']) => own.some((o) => o.metric === metric && o.goal === goal);
  return (
    objectives.length === own.length &&
    objectives.every(({ metric, goal }) => isOwn(metric, goal)) &&
    limits.every(({ metric, side }) => isOwn(metric, side === 'at most' ? 'minimize' : 'maximize'))
  );
}
