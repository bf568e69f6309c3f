/** Traffic against the simulation: errors by level, worst cases. */
import { markdownTable, percent } from '../markdown.js';
import { describeConfiguration, type Configuration } from './random-configurations.js';
import { LEVELS, levelErrors, PREDICTORS, simulated, type Bytes } from './traffic-error.js';

const LEVEL_NAMES = { l1: 'L1', l2: 'L2', dram: 'DRAM' };

function errorRows(configurations: readonly Configuration[], truth: readonly Bytes[]): string[][] {
  return Object.entries(PREDICTORS).flatMap(([name, predict]) => {
    const errors = levelErrors(configurations, truth, configurations.map(predict));
    return LEVELS.map((level) => {
      const { gmae, median, worst, worstAt } = errors[level];
      const figures = [percent(gmae, 2), percent(median, 3), `${worst.toFixed(2)}x`];
      return [name, LEVEL_NAMES[level], ...figures, describeConfiguration(worstAt)];
    });
  });
}

/** The section on traffic; simulates every configuration. */
export function renderTraffic(configurations: readonly Configuration[], seed: number): string {
  const truth = configurations.map(simulated);
  return [
    '## Traffic against the simulation',
    '',
    `${configurations.length} random layers on random machines, drawn with seed ${seed}: filters of 1 to 11, strides 1, 2 and 4, tiles 128x32x4,`,
    '128x64x4, 128x128x8 and 256x128x8, 8 to 160 SMs with 1 to 8 CTAs each, L1 of 8 to 256 KiB, L2 of 0.25 to 64 MiB. The truth is the',
    'address-level simulation ([model.md](model.md), 9), which `delta-sweep trace` runs for any layer.',
    '',
    markdownTable(['model', 'level', 'GMAE', 'median', 'worst', 'worst case'], errorRows(configurations, truth)),
    '',
    '`delta-2019` knows no cache capacity; its figures show what that costs on machines of any size.',
  ].join('\n');
}
