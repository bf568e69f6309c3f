/**
 * Damaged files of every kind: each is read, with finite numbers alone, or refused in one line with a place, soon.
 * `npm run test:all` tries 10,000 inputs; FUZZ_RUNS and FUZZ_SEED say how many and which.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DeltaSweepError } from '../../../src/errors.js';
import { parseCosts } from '../../../src/space/files/costs-file.js';
import { loadGpu } from '../../../src/space/files/gpu-file.js';
import { findFile, readTextFile } from '../../../src/space/files/library.js';
import { loadMeasured } from '../../../src/space/files/measured-file.js';
import { loadNetwork } from '../../../src/space/files/network-file.js';
import { loadStudy } from '../../../src/space/files/spec-file.js';
import { evaluateWorkload } from '../../../src/model/evaluate.js';
import { modelOf } from '../../../src/model/models.js';
import { toGpu, type GpuSpec } from '../../../src/model/gpu.js';
import type { Network } from '../../../src/model/layer.js';
import { NUMERIC_METRICS } from '../../../src/model/metrics.js';
import { MODEL_NAMES } from '../../../src/model/model-names.js';
import { digitsOf } from '../../../src/space/grid.js';
import { compileConstraints } from '../../../src/space/constraints.js';
import { PointEvaluator } from '../../../src/space/evaluate-point.js';
import { gridOf, type Study } from '../../../src/space/study.js';
import { FULL } from '../../helpers/full.js';
import { csvRow, HEADER } from '../../helpers/measured.js';
import { damagedDocuments, damagedTables } from '../../helpers/mutations.js';
import { OPTIONS, SMALL, TINY } from '../../helpers/specs.js';
import { tempFolders } from '../../helpers/temp.js';

/** Inputs over all kinds; few by default, so that the suite stays quick. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? (FULL ? 10_000 : 600));
const SEED = Number(process.env['FUZZ_SEED'] ?? 2019);

/** Of the processor, so that a busy machine changes nothing. */
const MAX_SECONDS = 2;
const MAX_MESSAGE_LENGTH = 8000;
const MAX_EVALUATED_POINTS = 200;

jest.setTimeout(60_000 + 100 * RUNS);

const makeFolder = tempFolders();
let folder: string;
beforeAll(() => {
  folder = makeFolder();
});

const counts: Record<string, { read: number; refused: number; slowest: number }> = {};
afterAll(() => {
  if (RUNS >= 10_000) process.stdout.write(`${JSON.stringify({ seed: SEED, counts }, null, 2)}\n`);
});

/** Where a value holds a number that is none. */
function badNumbers(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path}: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => badNumbers(below, `${path}.${key}`));
}

/** What is wrong with a refusal; nothing if it is one line that begins with the file. */
function refusalFaults(error: unknown, file: string): string[] {
  if (!(error instanceof DeltaSweepError)) return [`not refused but broken: ${String((error as Error).stack)}`];
  const { code, message, problems } = error;
  return [
    ...(code === 'input' ? [] : [`code ${code}`]),
    ...(problems.length > 0 ? [] : ['no problem told']),
    ...(/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message) ? ['more than one line'] : []),
    ...(message.startsWith(`${file}:`) ? [] : ['no place']),
    ...(message.length <= MAX_MESSAGE_LENGTH ? [] : [`${message.length} characters`]),
  ].map((fault) => `${fault}: ${message.slice(0, 300)}`);
}

/** Outcome of reading a file, and the processor's seconds that it took. */
function timed<T>(read: () => T): { seconds: number; value?: T; error?: unknown } {
  const start = process.cpuUsage();
  const seconds = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  try {
    return { value: read(), seconds: seconds() };
  } catch (error) {
    return { error, seconds: seconds() };
  }
}

/** A file of this name with these bytes is read and used, or refused as it should be. */
function expectHandled<T>(name: string, bytes: Buffer, read: (file: string) => T, use: (value: T) => string[]): void {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  const outcome = timed(() => read(file));
  const { seconds } = outcome;
  const count = (counts[name] ??= { read: 0, refused: 0, slowest: 0 });
  count.slowest = Math.max(count.slowest, seconds);
  count['error' in outcome ? 'refused' : 'read']++;
  const faults =
    'error' in outcome
      ? refusalFaults(outcome.error, file)
      : [...badNumbers(outcome.value), ...use(outcome.value as T)];
  if (seconds > MAX_SECONDS) faults.push(`took ${seconds} s`);
  if (faults.length > 0) faults.push(`input: ${bytes.toString().slice(0, 3000)}`);
  expect(faults).toEqual([]);
}

const check = (share: number, arbitrary: fc.Arbitrary<Buffer>, property: (bytes: Buffer) => void) =>
  fc.assert(fc.property(arbitrary, property), { numRuns: Math.ceil(RUNS * share), seed: SEED });

const builtin = (shelf: 'gpus' | 'networks' | 'costs', name: string): unknown => parse(findFile(shelf, name, '.').text);

/** Figures of a workload on a GPU that are no numbers, in the pass that covers all that the model has. */
function badFigures(gpu: GpuSpec, network: Network): string[] {
  return MODEL_NAMES.flatMap((model) => {
    const pass = modelOf(model).passes.at(-1)!;
    const result = evaluateWorkload(toGpu(gpu), { network, batch: 4, pass }, model);
    return 'infeasible' in result ? [] : badNumbers(result, `${model} ${pass}`);
  });
}

/** Metrics of some points of a study that are no numbers; of a small one, so that each is quick. */
function badPoints(study: Study): string[] {
  const grid = gridOf(study);
  const layers = study.workloads.reduce((sum, { network }) => sum + network.layers.length, 0);
  if (grid.size > MAX_EVALUATED_POINTS || layers > 1000) return [];
  const evaluator = new PointEvaluator(study);
  const constraints = compileConstraints(study.constraints, grid, study.baseline);
  const ids = [0, 1, 2, 3].map((i) => Math.floor((i * (grid.size - 1)) / 3));
  return ids.flatMap((id) => {
    const digits: number[] = [];
    digitsOf(grid, id, digits);
    if (!constraints.every((constraint) => constraint.accepts(digits))) return [];
    const point = evaluator.evaluateId(id);
    if ('infeasible' in point) return [];
    // Where the baseline cannot run the workload, there is no speed-up.
    const told = NUMERIC_METRICS.filter(({ name }) => name !== 'speedup' || !Number.isNaN(point.baselineSeconds));
    return told.flatMap((metric) => badNumbers(metric.of(point), `point ${id} ${metric.name}`));
  });
}

describe('a damaged file is read or refused in one line with a place:', () => {
  it('specs', () => {
    const specs = [
      TINY,
      SMALL,
      OPTIONS,
      { ...TINY, store: { points: 'front' }, objectives: { maximize: ['speedup', 'balance'] } },
    ];
    check(0.4, damagedDocuments(specs), (bytes) => expectHandled('spec.yaml', bytes, loadStudy, badPoints));
  });

  it('GPUs', () => {
    const network = loadNetwork('alexnet');
    const gpus = ['titan-xp', 'v100', 'h100'].map((name) => builtin('gpus', name));
    check(0.15, damagedDocuments(gpus), (bytes) =>
      expectHandled('gpu.yaml', bytes, loadGpu, (gpu) => badFigures(gpu, network)),
    );
  });

  it('networks', () => {
    const gpu = loadGpu('titan-xp');
    const networks = ['alexnet', 'vgg16', 'resnet50'].map((name) => builtin('networks', name));
    check(0.15, damagedDocuments(networks), (bytes) =>
      expectHandled('network.yaml', bytes, loadNetwork, (network) => badFigures(gpu, network)),
    );
  });

  it('costs', () => {
    const read = (file: string) => parseCosts(readTextFile(file).text, file);
    check(0.1, damagedDocuments([builtin('costs', 'default')]), (bytes) =>
      expectHandled('costs.yaml', bytes, read, () => []),
    );
  });

  it('measured times', () => {
    const rows = [
      HEADER,
      ...[{}, { batch: 32, forward_ms: 1 }, { forward_ms: 'N/A' }].map((row) => csvRow(row).split(',')),
    ];
    check(0.2, damagedTables(rows), (bytes) =>
      expectHandled(
        'measured.csv',
        bytes,
        (file) => loadMeasured(file, 'forward', /IMPLICIT/),
        () => [],
      ),
    );
  });
});
