/** Fronts of a grid: from all of its points, and by bounds without threads. */
import type { FrontQuery } from '../../src/analysis/front-query.js';
import { LimitFilter } from '../../src/analysis/limits.js';
import { paretoFront } from '../../src/analysis/pareto.js';
import type { WorkloadFronts } from '../../src/analysis/workload-fronts.js';
import { DesignEvaluator } from '../../src/engine/evaluate-designs.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import { factsOf } from '../../src/engine/facts.js';
import type { FrontierState } from '../../src/engine/find-frontier.js';
import { FrontierFronts } from '../../src/engine/frontier-fronts.js';
import { Cells } from '../../src/engine/frontier/cells.js';
import { PlaceSearch } from '../../src/engine/frontier/place-search.js';
import { roundsOf } from '../../src/engine/frontier/rounds.js';
import { objectiveReader } from '../../src/space/objectives.js';
import type { Shard } from '../../src/space/shard.js';
import { gridOf, type Study } from '../../src/space/study.js';

/** Ids of the front of each workload, ascending, from every point of the grid. */
export function exhaustiveFront(study: Study, { objectives, limits }: FrontQuery): number[][] {
  const metrics = [...objectives, ...limits].map(({ metric }) => metric);
  const facts = factsOf(study);
  const read = objectiveReader(
    { ...study, objectives: metrics.map((metric) => ({ metric, goal: 'minimize' })) },
    facts,
  );
  const ranges = new RangeEvaluator(study);
  const points = gridOf(study).size / study.workloads.length;
  const filter = new LimitFilter(limits, metrics);
  return study.workloads.map((_, w) => {
    const { batch } = ranges.evaluate(w * points, (w + 1) * points);
    const { ids, values } = filter.keep({ ids: batch.columns[0] as Float64Array, values: read(batch) });
    const front = paretoFront(
      values.slice(0, objectives.length),
      objectives.map(({ goal }) => goal),
    );
    return front.map((row) => ids[row]!).sort((a, b) => a - b);
  });
}

/** The same by bounds, without threads. */
export function boundedFront(
  study: Study,
  query: FrontQuery,
  shard?: Shard,
): { fronts: number[][]; evaluated: number; state: FrontierState } {
  const facts = factsOf(study);
  const fronts = new FrontierFronts(study, query, facts);
  const search = new PlaceSearch(study, { query, facts });
  const designs = new DesignEvaluator(study);
  let evaluated = 0;
  for (const round of roundsOf(study.workloads.length, Cells.piecesOf(study), shard))
    for (const part of round) {
      const result = search.search(part, fronts.designs[part.workload]!);
      evaluated += result.designs;
      fronts.add(part.workload, { found: result.found, batch: designs.evaluate(result.found.ids) });
    }
  return {
    evaluated,
    fronts: idsOf(study, fronts.exact),
    state: { rounds: 0, ofRounds: 0, designs: evaluated, boxes: 0, fronts: fronts.designs },
  };
}

export const idsOf = (study: Study, fronts: WorkloadFronts) =>
  study.workloads.map((_, w) => [...fronts.of(w).ids].sort((a, b) => a - b));
