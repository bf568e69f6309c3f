/** Fronts of grids by branch and bound against those of all their points. */
import { describe, expect, it } from '@jest/globals';
import type { FrontQuery } from '../../../src/analysis/front-query.js';
import { LimitFilter } from '../../../src/analysis/limits.js';
import { paretoFront } from '../../../src/analysis/pareto.js';
import type { WorkloadFronts } from '../../../src/analysis/workload-fronts.js';
import { DesignEvaluator } from '../../../src/engine/evaluate-designs.js';
import { RangeEvaluator } from '../../../src/engine/evaluate-range.js';
import { factsOf } from '../../../src/engine/facts.js';
import { joinFrontiers, type FrontierState } from '../../../src/engine/find-frontier.js';
import { FrontierFronts } from '../../../src/engine/frontier-fronts.js';
import { Cells } from '../../../src/engine/frontier/cells.js';
import { PlaceSearch } from '../../../src/engine/frontier/place-search.js';
import { roundsOf } from '../../../src/engine/frontier/rounds.js';
import { objectiveReader } from '../../../src/space/objectives.js';
import type { Shard } from '../../../src/space/shard.js';
import { gridOf, type Study } from '../../../src/space/study.js';
import { FULL } from '../../helpers/full.js';
import { randomOf } from '../../helpers/random.js';
import { randomQuestion } from '../../helpers/random-questions.js';

/** Ids of the front of each workload, ascending, from every point of the grid. */
function exhaustiveFront(study: Study, { objectives, limits }: FrontQuery): number[][] {
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
function boundedFront(
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

const idsOf = (study: Study, fronts: WorkloadFronts) =>
  study.workloads.map((_, w) => [...fronts.of(w).ids].sort((a, b) => a - b));

describe('the front of a grid by branch and bound', () => {
  const seeds = Array.from({ length: FULL ? 60 : 25 }, (_, i) => i + 1);
  const sizes = FULL ? [10_000, 50_000, 200_000, 700_000] : [2_000, 10_000];

  it.each(seeds)('has the same designs as the front of all points: study %i', (seed) => {
    const { study, query } = randomQuestion(randomOf(seed), sizes[seed % sizes.length]!);
    const expected = exhaustiveFront(study, query);
    const { fronts } = boundedFront(study, query);
    expect(fronts).toEqual(expected);
  });

  it.each(seeds.slice(0, 5))('is what shards of the search find together: study %i', (seed) => {
    const { study, query } = randomQuestion(randomOf(seed), 2_000);
    const count = 2 + (seed % 5);
    const shards = Array.from({ length: count }, (_, i) => boundedFront(study, query, { index: i + 1, count }));
    const joined = joinFrontiers(
      study,
      query,
      shards.map(({ state }) => JSON.parse(JSON.stringify(state)) as FrontierState),
    );
    expect(idsOf(study, joined.fronts)).toEqual(exhaustiveFront(study, query));
    expect(joined.state.designs).toBe(shards.reduce((sum, { evaluated }) => sum + evaluated, 0));
  });

  it('is searched by every shard in boxes of its own, all of them together', () => {
    const partsOf = (shard?: Shard) =>
      roundsOf(2, 100, shard)
        .flat()
        .map((part) => JSON.stringify(part));
    for (const count of [1, 3, 16, 150]) {
      const parts = Array.from({ length: count }, (_, i) => partsOf({ index: i + 1, count })).flat();
      expect(parts.sort()).toEqual(partsOf().sort());
    }
  });
});
