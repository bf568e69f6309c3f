import { describe, expect, it } from '@jest/globals';
import { checkChoice, parseSettings } from '../../../src/space/files/settings.js';
import { messageOf } from '../studies.js';

describe('parseSettings', () => {
  it('reads axis=value texts', () => {
    expect(parseSettings(['sm_count=60', 'l1_kib=0', 'clock_ghz=1.5', 'cta_tile=128x128x8'])).toEqual({
      sm_count: 60,
      l1_kib: 0,
      clock_ghz: 1.5,
      cta_tile: '128x128x8',
    });
  });

  it('takes the last value of an axis', () => {
    expect(parseSettings(['sm_count=60', 'sm_count=90'])).toEqual({ sm_count: 90 });
  });

  it.each([
    ['sm_count=31.5', '--set sm_count, got "31.5", expected a whole number of at least 1 [1]'],
    ['sm_count=0', '--set sm_count, got "0", expected a whole number of at least 1 [1]'],
    ['clock_ghz=1e-300', '--set clock_ghz, got "1e-300", expected a number of at least 1e-9 [GHz]'],
    ['clock_ghz=', '--set clock_ghz, got "", expected a number of at least 1e-9 [GHz]'],
    ['clock_ghz', '--set clock_ghz, got "", expected a number of at least 1e-9 [GHz]'],
    ['clock_ghz=fast', '--set clock_ghz, got "fast", expected a number of at least 1e-9 [GHz]'],
    ['clock_ghz=NaN', '--set clock_ghz, got "NaN", expected a number of at least 1e-9 [GHz]'],
    ['l1_kib=-1', '--set l1_kib, got "-1", expected a number of at least 0 [KiB]'],
  ])('refuses %s', (text, message) => {
    expect(messageOf(() => parseSettings([text]))).toBe(message);
  });

  it('refuses values beyond any GPU', () => {
    expect(() => parseSettings(['dram_gbps=1e12'])).toThrow('--set dram_gbps, got "1e12"');
  });

  it('refuses what is no tile', () => {
    expect(() => parseSettings(['cta_tile=128'])).toThrow('--set cta_tile, got "128", expected auto or MxNxK');
  });

  it('offers the nearest axis', () => {
    expect(messageOf(() => parseSettings(['sm_cout=3']))).toMatch(
      /^--set axis: unknown value, got "sm_cout", expected one of sm_count, .* \(did you mean 'sm_count'\?\)$/,
    );
  });
});

describe('checkChoice', () => {
  it('gives back one of the choices', () => {
    expect(checkChoice('--pass', 'forward', ['forward', 'training'])).toBe('forward');
  });

  it('names the only choice', () => {
    expect(messageOf(() => checkChoice('--model', 'dleta', ['delta-2019']))).toBe(
      '--model: unknown value, got "dleta", expected delta-2019',
    );
  });
});
