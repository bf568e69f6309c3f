/** The fronts of a search so far: the exact figures of their designs, and what the threads get of them. */
import type { FrontQuery } from '../analysis/front-query.js';
import { LimitFilter } from '../analysis/limits.js';
import { WorkloadFronts } from '../analysis/workload-fronts.js';
import { pickDesigns, type FrontSoFar } from './frontier/place-search.js';
import type { WorkloadFacts } from '../model/metrics.js';
import type { Batch } from '../space/columns.js';
import { objectiveReader } from '../space/objectives.js';
import type { Objective, Study } from '../space/study.js';
import { DesignEvaluator } from './evaluate-designs.js';
import type { Searched } from './messages.js';

export class FrontierFronts {
  /** By exact figures. */
  readonly exact: WorkloadFronts;
  private sent: FrontSoFar[];
  private readonly metricsOf: (batch: Batch) => Float64Array[];
  private readonly filter: LimitFilter;

  constructor(
    private readonly study: Study,
    private readonly query: FrontQuery,
    facts: readonly WorkloadFacts[],
  ) {
    const { objectives, limits } = query;
    const metrics = [...objectives.map(({ metric }) => metric), ...limits.map(({ metric }) => metric)];
    const read: Objective[] = metrics.map((metric) => ({ metric, goal: 'minimize' }));
    this.metricsOf = objectiveReader({ ...study, objectives: read }, facts);
    this.filter = new LimitFilter(limits, metrics);
    this.exact = new WorkloadFronts(study, objectives);
    this.sent = study.workloads.map(() => ({ ids: [], logTimes: [], areas: [], shared: [] }));
  }

  /** The designs on the front of each workload. */
  get designs(): FrontSoFar[] {
    return [...this.sent];
  }

  /** Takes the fronts of an earlier search and computes their figures again. */
  restore(fronts: readonly FrontSoFar[]): void {
    const evaluator = new DesignEvaluator(this.study);
    fronts.forEach((found, workload) => this.add(workload, { found, batch: evaluator.evaluate(found.ids) }));
  }

  /** Adds designs that may be on a workload's front. */
  add(workload: number, { found, batch }: Pick<Searched, 'found' | 'batch'>): void {
    if (batch.rows === 0) return;
    const { ids, values } = this.filter.keep({
      ids: batch.columns[0] as Float64Array,
      values: this.metricsOf(batch),
    });
    this.exact.add({ ids, values: values.slice(0, this.query.objectives.length) });
    const onFront = new Set(this.exact.of(workload).ids);
    this.sent[workload] = pickOnFront([this.sent[workload]!, found], onFront);
  }
}

/** Those of some designs that are on the front, ids ascending. */
function pickOnFront(designs: readonly [FrontSoFar, FrontSoFar], onFront: ReadonlySet<number>): FrontSoFar {
  const [a, b] = designs;
  const all: FrontSoFar = {
    ids: [...a.ids, ...b.ids],
    logTimes: [...a.logTimes, ...b.logTimes],
    areas: [...a.areas, ...b.areas],
    shared: b.shared.map((column, k) => [...(a.shared[k] ?? []), ...column]),
  };
  const positions = all.ids.map((_, i) => i).filter((i) => onFront.has(all.ids[i]!));
  positions.sort((i, j) => all.ids[i]! - all.ids[j]!);
  return pickDesigns(all, positions);
}
