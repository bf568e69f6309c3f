/** The area model against published dies: the regression of the cost constants (docs/model.md, 6.3). */
import { describe, expect, it } from '@jest/globals';
import { loadCosts } from '../../src/space/files/costs-file.js';
import { loadDies } from '../../src/space/files/dies-file.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { areaFactors, areasOf, totalArea } from '../../src/model/cost.js';
import { dieBlocks } from '../../src/model/die-blocks.js';
import { toGpu } from '../../src/model/gpu.js';
import { checkDie, renderDies } from '../../src/report/dies.js';
import { fits } from '../../src/report/table.js';

const costs = loadCosts();
const dies = loadDies().map((die) => checkDie(die, costs));
/** GPUs that the dies are in, and the clock of the whole die, relative. */
const SOLD_AS: Record<string, [string, number]> = {
  GA100: ['a100', 1],
  GH100: ['h100', 1],
  GV100: ['v100', 1],
  GP100: ['p100', 1],
  GP102: ['titan-xp', 1],
  TU104: ['t4', 1.59 / 1.2],
  TU106: ['t4', 1.59 / 1.2],
  TU116: ['t4', 1.59 / 1.2],
  GM200: ['titan-x-maxwell', 1],
  TU102: ['t4', 1.59 / 1.2],
  GP104: ['titan-xp', 1],
  GP106: ['titan-xp', 1],
};
const die = (name: string) => dies.find((candidate) => candidate.name === name)!;

describe('the area of a published die', () => {
  // NVIDIA's whitepapers: mm2, SMs of the whole die, and how far off it may be
  it.each([
    ['GA100', 826, 128, 0.03],
    ['GH100', 814, 144, 0.12],
    ['GV100', 815, 84, 0.12],
    ['GP100', 610, 60, 0.12],
    ['GP102', 471, 30, 0.12],
    ['TU104', 545, 48, 0.12],
  ])('%s is %d mm2 with %i SMs, within %d', (name, mm2, sms, error) => {
    expect(die(name)).toMatchObject({ published_mm2: mm2, sm_count: sms, held_out: false });
    expect(Math.abs(die(name).error)).toBeLessThan(error);
  });

  // gave one constant: a ray-tracing core, the density at 28 nm
  it.each([
    ['TU106', 445, 0.05],
    ['TU116', 284, 0.05],
    ['GM200', 601, 0.15],
  ])('%s, of which a constant was taken, is %d mm2, within %d', (name, mm2, error) => {
    expect(die(name)).toMatchObject({ published_mm2: mm2, held_out: false });
    expect(Math.abs(die(name).error)).toBeLessThan(error);
  });

  // gave none
  it.each([
    ['TU102', 754, 0.05],
    ['GP104', 314, 0.05],
    ['GP106', 200, 0.12],
  ])('%s, held out, is %d mm2, within %d', (name, mm2, error) => {
    expect(die(name)).toMatchObject({ published_mm2: mm2, held_out: true });
    expect(Math.abs(die(name).error)).toBeLessThan(error);
  });

  // LLMCompass, Zhang et al., ISCA 2024: measured on a die photograph of GA100
  it.each([
    ['sm', 3.75],
    ['crossbar', 0.6],
    ['l2', 2.49],
    ['phy', 9.67],
    ['controller', 5.3],
    ['nvlink', 1.75],
  ])('has blocks as measured, within 15%%: %s of GA100, %d mm2', (block, mm2) => {
    const measured = die('GA100').measured.find((candidate) => candidate.block === block)!;
    expect(measured.published_mm2).toBe(mm2);
    expect(Math.abs(measured.computed_mm2 / mm2 - 1)).toBeLessThan(0.15);
    expect(measured.error).toBeCloseTo(measured.computed_mm2 / mm2 - 1, 12);
  });

  it('is that of the GPU with all of it enabled: GP102 is in the TITAN Xp', () => {
    const gpu = toGpu(loadGpu('titan-xp'));
    expect(die('GP102').computed_mm2).toBeCloseTo(totalArea(areasOf(gpu, areaFactors(gpu, costs))), 9);
  });

  it.each(dies.map(({ name, ...rest }) => [name, rest] as const))('%s is the sum of its blocks', (_, checked) => {
    const sum = Object.values(checked.blocks_mm2).reduce((a, b) => a + b);
    expect(checked.computed_mm2).toBeCloseTo(sum, 9);
  });

  it.each(loadDies().map((published) => [published.name, published] as const))(
    'has the bandwidth of L2 that the SMs of its GPU have, each: %s',
    (name, { gpu }) => {
      const [like, clock] = SOLD_AS[name]!;
      const sold = loadGpu(like);
      expect(gpu.l2_gbps / ((sold.l2_gbps / sold.sm_count) * gpu.sm_count * clock)).toBeCloseTo(1, 2);
    },
  );

  it('is larger by one and a half with so many more SMs, caches and links, but for what a die has once', () => {
    const gpu = toGpu(loadGpu('a100'));
    const factors = areaFactors(gpu, costs);
    const [one, more] = [dieBlocks(gpu, factors), dieBlocks({ ...gpu, smCount: 162, nvlinks: 18 }, factors)];
    expect(more.sm).toBeCloseTo(1.5 * one.sm, 9);
    expect(more.nvlink).toBeCloseTo(1.5 * one.nvlink, 9);
    expect(more.uncore).toBe(one.uncore);
  });
});

it('the table of dies fits a terminal, held-out dies apart', () => {
  const text = renderDies(dies);
  expect(fits(text)).toBe(true);
  expect(text).toMatch(/^GA100 +7 +128 x 3\.\d\d .* 826 +[+-]\d\.\d%$/m);
  for (const name of ['TU104', 'TU106', 'TU116', 'GM200'])
    expect(text.indexOf('\nheld out\n')).toBeGreaterThan(text.indexOf(`\n${name}`));
  expect(text.indexOf('\nheld out\n')).toBeLessThan(text.indexOf('\nTU102'));
});
