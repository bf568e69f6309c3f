/**
 * Measures the models and writes docs/accuracy.md:
 *
 *   npm run accuracy -- [--configurations N] [--seed S] [--counters GPU=COUNTERS.csv] [GPU=MEASURED.csv ...]
 *
 * Traffic is held against hardware counters, and against the simulation on seeded random layers and machines; times against the measured files that
 * are named (the format of `delta-sweep validate`).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomConfigurations } from './accuracy/random-configurations.js';
import { renderTimes, type MeasuredFile } from './accuracy/time-section.js';
import { renderCounters } from './accuracy/counters-section.js';
import { loadGpu } from '../src/space/files/gpu-file.js';
import { toGpu } from '../src/model/gpu.js';
import { renderTraffic } from './accuracy/traffic-section.js';
import { LIMITS } from './accuracy/limits.js';
import { ROOT } from './console-blocks.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    configurations: { type: 'string', default: '600' },
    seed: { type: 'string', default: '20190424' },
    counters: { type: 'string' },
  },
});
const count = Number(values.configurations);
const seed = Number(values.seed);
const files: MeasuredFile[] = positionals.map((text) => {
  const [gpu, ...path] = text.split('=');
  return { gpu: gpu!, path: path.join('=') };
});

function countersOf(text: string): string {
  const [gpu, ...path] = text.split('=');
  const spec = loadGpu(gpu!);
  return renderCounters(path.join('='), spec.name, toGpu(spec));
}

const page = [
  '# How far off the models are',
  '',
  'Written by `npm run accuracy -- GPU=MEASURED.csv …`, which repeats every measurement on this page. Errors are geometric: GMAE is',
  '`exp(mean |ln(predicted/true)|) - 1`, worst is the largest factor between the two, either way ([model.md](model.md), 12).',
  '',
  ...(values.counters === undefined ? [] : [countersOf(values.counters), '']),
  renderTraffic(randomConfigurations(count, seed), seed),
  '',
  ...(files.length > 0 ? [renderTimes(files), ''] : []),
  LIMITS,
  '',
].join('\n');
writeFileSync(join(ROOT, 'docs/accuracy.md'), page);
