import { describe, expect, it } from '@jest/globals';
import { frontName, objectivesOver, type FrontQuery } from '../../src/analysis/front-query.js';
import type { Objective } from '../../src/space/study.js';

const TIME: Objective = { metric: 'time_ms', goal: 'minimize' };
const AREA: Objective = { metric: 'area_mm2', goal: 'minimize' };
const SPEEDUP: Objective = { metric: 'speedup', goal: 'maximize' };

describe('the name of a front', () => {
  const query: FrontQuery = { objectives: [TIME, AREA, SPEEDUP], over: 'each', limits: [] };

  it.each<[Partial<FrontQuery>, string]>([
    [{}, 'minimize time_ms, minimize area_mm2, maximize speedup'],
    [{ over: 'worst', objectives: [SPEEDUP] }, 'maximize speedup; worst over all workloads'],
    [
      {
        objectives: [TIME],
        limits: [
          { metric: 'area_mm2', side: 'at most', value: 600 },
          { metric: 'speedup', side: 'at least', value: 2.5 },
        ],
      },
      'minimize time_ms; within area_mm2 <= 600, speedup >= 2.5',
    ],
  ])('of %j is "%s"', (changes, name) => expect(frontName({ ...query, ...changes })).toBe(name));
});

describe('objectives over all workloads', () => {
  it.each<[string, Objective[], Objective[]]>([
    ['are on the speedup instead of the time', [TIME, AREA], [SPEEDUP, AREA]],
    ['are there once', [AREA, TIME, SPEEDUP, { metric: 'tflops', goal: 'maximize' }], [AREA, SPEEDUP]],
    [
      'may ask for the slowest',
      [{ metric: 'images_per_s', goal: 'minimize' }],
      [{ metric: 'speedup', goal: 'minimize' }],
    ],
  ])('%s', (_, given, expected) => expect(objectivesOver('geomean', given)).toEqual(expected));

  it('of each workload are as given', () => expect(objectivesOver('each', [TIME, AREA])).toEqual([TIME, AREA]));
});
