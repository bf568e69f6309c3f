import { describe, expect, it } from '@jest/globals';
import { findFrontier, type FrontierState } from '../../src/engine/find-frontier.js';
import { studyOf } from '../space/studies.js';

/** 4,800 designs of two workloads. */
const study = studyOf({
  workloads: [
    { network: 'tiny', batch: 4 },
    { network: 'tiny', batch: 32 },
  ],
  axes: {
    sm_count: { scale: [1, 1.5, 2, 3] },
    issue_per_clk: { scale: [1, 2, 3] },
    macs_per_clk: { scale: [1, 2, 3, 4] },
    l2_gbps: { scale: [1, 1.5, 2, 3, 4] },
    dram_gbps: { scale: [1, 1.3, 1.7, 2.2, 3, 4, 5, 6, 7, 8] },
  },
  constraints: ['l2_gbps >= 1.5 * dram_gbps'],
});
const query = { objectives: study.objectives, over: 'each', limits: [] } as const;

const idsOf = ({ fronts }: FrontierState) => fronts.map(({ ids }) => ids);

describe('a search for a frontier', () => {
  it('finds and evaluates the same with any number of threads', async () => {
    const alone = await findFrontier(study, query, { workers: 1 });
    const together = await findFrontier(study, query, { workers: 3 });
    expect(together.state).toEqual(alone.state);
    expect(alone.state.rounds).toBe(alone.state.ofRounds);
    expect(alone.state.designs).toBeGreaterThan(0);
  });

  it('resumes from any round to the same end', async () => {
    const states: FrontierState[] = [];
    const whole = await findFrontier(study, query, { workers: 2, onRound: (state) => states.push(state) });
    for (const state of [states[0]!, states.at(-1)!]) {
      const copy = JSON.parse(JSON.stringify(state)) as FrontierState;
      const resumed = await findFrontier(study, query, { workers: 2, state: copy });
      expect(resumed.state).toEqual(whole.state);
      expect([...resumed.fronts.of(0).ids]).toEqual([...whole.fronts.of(0).ids]);
    }
  });

  it('stops at a signal, with the rounds that are done', async () => {
    const controller = new AbortController();
    const { state, stopped } = await findFrontier(study, query, {
      workers: 2,
      signal: controller.signal,
      onRound: () => controller.abort(),
    });
    expect([stopped, state.rounds]).toEqual([true, 1]);
    expect(idsOf(state)).toHaveLength(2);
  });

  it('tells how much of the grid is proven', async () => {
    const seen: number[] = [];
    await findFrontier(study, query, { workers: 2, onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
