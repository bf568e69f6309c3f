import { describe, expect, it } from '@jest/globals';
import { BOTTLENECKS, largestOf, STREAMS, zeroPerBottleneck, zeroPerStream } from '../../src/model/bottleneck.js';

describe('bottlenecks', () => {
  it.each([
    [{ dram: 2, l2: 1 }, 'dram'],
    [{ launch: 3, latency: 2 }, 'launch'],
    [{ l1: 2, l2: 2 }, 'l1'], // a tie: the first in order
    [{ latency: 1, smem: 1, compute: 1 }, 'compute'],
    [{ l1: 2, dram: 2 * (1 + 1e-12) }, 'l1'], // equal but for the last bits of a sum
    [{ l1: 2, dram: 2 * (1 + 1e-8) }, 'dram'],
    [{}, 'compute'],
  ])('the largest of %j is %s', (figures, largest) =>
    expect(largestOf({ ...zeroPerBottleneck(), ...figures })).toBe(largest),
  );

  it('start at zero, each of them, in fresh objects', () => {
    expect(Object.keys(zeroPerBottleneck())).toEqual([...BOTTLENECKS]);
    expect(Object.keys(zeroPerStream())).toEqual([...STREAMS]);
    expect([...Object.values(zeroPerBottleneck()), ...Object.values(zeroPerStream())].every((x) => x === 0)).toBe(true);
    expect(zeroPerStream()).not.toBe(zeroPerStream());
  });
});
