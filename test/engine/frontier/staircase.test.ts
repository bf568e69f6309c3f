import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Staircase, type Zones } from '../../../src/engine/frontier/staircase.js';

const FREE = { logTime: Number.POSITIVE_INFINITY, area: Number.POSITIVE_INFINITY };
const BOTH = { time: true, area: true, limits: FREE };

/** Designs on a coarse lattice, so that ties are frequent. */
const designs = fc.array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.integer({ min: 1, max: 12 })), { maxLength: 30 });

const stairsOf = (members: readonly (readonly [number, number])[]) => {
  const stairs = new Staircase(BOTH);
  for (const [logTime, area] of members) stairs.add(logTime, area);
  return stairs;
};

/** Whether some design is as good as another one and better in something. */
const dominate = (members: readonly (readonly [number, number])[], [t, a]: readonly [number, number]) =>
  members.some(([logTime, area]) => logTime <= t && area <= a && (logTime < t || area < a));

const roomFor = (count: number): Zones => ({
  count: 0,
  logTimes: new Float64Array(count),
  areas: new Float64Array(count),
});

describe('a staircase', () => {
  it('holds the designs that no other one is as good as', () => {
    fc.assert(
      fc.property(designs, (members) => {
        const front = members.filter((design) => !dominate(members, design));
        expect(stairsOf(members).size).toBe(new Set(front.map(String)).size);
      }),
    );
  });

  it('admits every design that is not dominated, equal ones among them', () => {
    fc.assert(
      fc.property(designs, designs, (members, others) => {
        const stairs = stairsOf(members);
        for (const design of [...members, ...others])
          if (!dominate(members, design)) expect(stairs.admits(...design)).toBe(true);
      }),
    );
  });

  it('turns away what is slower and larger than a step', () => {
    const stairs = stairsOf([
      [1, 10],
      [2, 5],
    ]);
    expect([stairs.admits(1.5, 11), stairs.admits(2.1, 5.1), stairs.admits(3, 4.9), stairs.admits(0.9, 99)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('has a zone for every design that it admits, however few zones there is room for', () => {
    fc.assert(
      fc.property(designs, designs, fc.integer({ min: 1, max: 8 }), (members, others, room) => {
        const stairs = stairsOf(members);
        for (const [logTime, area] of others) {
          const zones = roomFor(room);
          stairs.findZones(logTime, area, 1000, 0, zones);
          const reached = Array.from({ length: zones.count }, (_, z) => z).some(
            (z) => logTime <= zones.logTimes[z]! && area <= zones.areas[z]!,
          );
          if (!dominate(members, [logTime, area])) expect(reached).toBe(true);
        }
      }),
    );
  });

  it('keeps to limits', () => {
    const stairs = new Staircase({ time: true, area: true, limits: { logTime: 2, area: 6 } });
    expect([stairs.admits(2, 6), stairs.admits(2.1, 1), stairs.admits(1, 6.1)]).toEqual([true, false, false]);
    const zones = roomFor(4);
    stairs.findZones(0, 1, 100, 0, zones);
    expect([zones.count, zones.logTimes[0], zones.areas[0]]).toEqual([1, 2, 6]);
  });

  it('compares what counts alone', () => {
    const fastest = new Staircase({ time: true, area: false, limits: FREE });
    fastest.add(2, 1);
    fastest.add(1, 100);
    expect([fastest.size, fastest.admits(1, 1e6), fastest.admits(1.5, 1)]).toEqual([1, true, false]);
    const smallest = new Staircase({ time: false, area: true, limits: FREE });
    smallest.add(1, 100);
    smallest.add(2, 1);
    expect([smallest.size, smallest.admits(9, 1), smallest.admits(0, 2)]).toEqual([1, true, false]);
  });
});
