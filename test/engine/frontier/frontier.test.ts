/** Fronts of grids by branch and bound against those of all their points. */
import { describe, expect, it } from '@jest/globals';
import { joinFrontiers, type FrontierState } from '../../../src/engine/find-frontier.js';
import { roundsOf } from '../../../src/engine/frontier/rounds.js';
import type { Shard } from '../../../src/space/shard.js';
import { boundedFront, exhaustiveFront, idsOf } from '../../helpers/bounded-front.js';
import { FULL } from '../../helpers/full.js';
import { randomOf } from '../../helpers/random.js';
import { randomQuestion } from '../../helpers/random-questions.js';

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
