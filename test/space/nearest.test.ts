import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AXIS_IDS } from '../../src/model/resources.js';
import { nearestName } from '../../src/space/nearest.js';

describe('nearestName', () => {
  it.each([
    ['sm_cout', 'sm_count'],
    ['SM_COUNT', 'sm_count'],
    ['smcount', 'sm_count'],
    ['l2mb', 'l2_mib'],
    ['dram_bw', 'dram_ns'],
    ['clock', 'clock_ghz'],
    ['dram', 'dram_gbps'],
    ['num_sms', undefined],
    ['frequency', undefined],
    ['abc', undefined],
    ['x', undefined],
    ['', undefined],
  ])('takes %j for %j', (name, nearest) => {
    expect(nearestName(name, AXIS_IDS)).toBe(nearest);
  });

  it('has nothing to offer out of nothing', () => {
    expect(nearestName('a', [])).toBeUndefined();
  });

  it('takes a valid name for itself', () => {
    for (const id of AXIS_IDS) expect(nearestName(id, AXIS_IDS)).toBe(id);
  });

  it('offers a valid name or nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect([...AXIS_IDS, undefined]).toContain(nearestName(name, AXIS_IDS));
      }),
    );
  });

  it('does not compare texts that are no names', () => {
    expect(nearestName('sm_count'.repeat(1e6), AXIS_IDS)).toBeUndefined();
  });
});
