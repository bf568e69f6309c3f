/** `validate`, run as users run it, on times that the tests make up or take from `explain`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { csv, writeCsv, type Cells } from '../helpers/measured.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

interface Statistics {
  n: number;
  gmae: number;
  median_abs_error: number;
  p90_abs_error: number;
  max_abs_error: number;
  bias: number;
  spearman: number | null;
}
interface RowJson {
  line: number;
  measured: number;
  predicted: number;
  ratio: number;
  bottleneck: string;
}
interface ValidateJson extends Statistics {
  gpu: string;
  pass: string;
  model: string;
  rows: RowJson[];
  baselines: Record<string, Statistics>;
  speedup?: Statistics & { other_gpu: string; rows: RowJson[]; baselines: Record<string, Statistics> };
}

const validate = (file: string, gpu: string, ...more: string[]) =>
  printedJson<ValidateJson>(['validate', file, '--gpu', gpu, ...more, '--json']);

/** Layers of very different kinds, at their measured times or not. */
const SHAPES: Cells[] = [
  { batch: 16, in_height: 56, in_width: 56, forward_ms: 0.9, backward_data_ms: 1.1, backward_filter_ms: 1.3 },
  { batch: 16, filter_height: 1, filter_width: 1, pad_height: 0, pad_width: 0, forward_ms: 0.05 },
  { in_channels: 3, in_height: 112, in_width: 112, stride_height: 2, stride_width: 2, forward_ms: 0.2 },
  { filter_height: 5, filter_width: 5, forward_ms: 0.31, forward_algorithm: 'IMPLICIT_PRECOMP_GEMM' },
  { out_channels: 512, forward_ms: 0.4 },
];

/** The figures of the contract, from ratios. */
function statisticsByHand(rows: readonly RowJson[]): Omit<Statistics, 'spearman'> {
  const logs = rows.map(({ predicted, measured }) => Math.log(predicted) - Math.log(measured));
  const errors = logs.map(Math.abs).sort((a, b) => a - b);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const quantile = (q: number) => Math.exp(errors[Math.floor(q * errors.length)]!) - 1;
  return {
    n: rows.length,
    gmae: Math.exp(mean(errors)) - 1,
    median_abs_error: quantile(0.5),
    p90_abs_error: quantile(0.9),
    max_abs_error: Math.exp(errors.at(-1)!) - 1,
    bias: Math.exp(mean(logs)),
  };
}

function expectStatistics(json: Statistics, rows: readonly RowJson[]): void {
  for (const [name, figure] of Object.entries(statisticsByHand(rows)))
    expect(json[name as keyof Statistics]).toBeCloseTo(figure, 9);
}

describe('validate --json', () => {
  let json: ValidateJson;
  let file: string;
  beforeAll(async () => {
    file = writeCsv(makeFolder(), [{ forward_ms: '' }, ...SHAPES, { forward_algorithm: 'FFT' }]);
    json = await validate(file, 'titan-xp');
  });

  it('has the fields of the contract', () => {
    const contract = [
      ...[
        'gpu',
        'pass',
        'n',
        'left_out',
        'gmae',
        'median_abs_error',
        'p90_abs_error',
        'max_abs_error',
        'bias',
        'spearman',
        'rows',
      ],
    ];
    expect(Object.keys(json).sort()).toEqual([...contract, 'baselines', 'model'].sort());
    expect(json).toMatchObject({ gpu: 'titan-xp', pass: 'forward', model: 'delta', n: 5 });
    expect(Object.keys(json.baselines)).toEqual(['delta-2019', 'roofline']);
    for (const row of json.rows)
      expect(Object.keys(row)).toEqual([
        ...['line', 'batch', 'in_channels', 'in_height', 'in_width', 'out_channels', 'filter', 'padding', 'stride'],
        ...['algorithm', 'measured', 'predicted', 'ratio', 'bottleneck'],
      ]);
  });

  it('has a row for each measured one, in the order of the file', () => {
    expect(json.rows.map(({ line, measured }) => [line, measured])).toEqual(
      SHAPES.map(({ forward_ms }, i) => [i + 3, expect.closeTo(Number(forward_ms), 12)]),
    );
    expect(json.rows[2]).toMatchObject({
      ...{ batch: 8, in_channels: 3, in_height: 112, in_width: 112, out_channels: 128 },
      ...{ filter: [3, 3], padding: [1, 1], stride: [2, 2], algorithm: 'IMPLICIT_GEMM' },
    });
    for (const { predicted, measured, ratio } of json.rows) expect(ratio).toBeCloseTo(predicted / measured, 12);
  });

  it('has the statistics of its rows', () => expectStatistics(json, json.rows));

  it.each(['delta', 'delta-2019'] as const)(
    'predicts with --model %s what it lists as a baseline of the other',
    async (model) => {
      const other = model === 'delta' ? 'delta-2019' : 'delta';
      const chosen = await validate(file, 'titan-xp', '--model', model);
      expect(chosen.model).toBe(model);
      expect(Object.keys(chosen.baselines)).toEqual([other, 'roofline']);
      expectStatistics(chosen, chosen.rows);
      const asBaseline = (await validate(file, 'titan-xp', '--model', other)).baselines[model]!;
      const { n, gmae, bias, spearman } = chosen;
      expect(asBaseline).toMatchObject({ n, gmae, bias, spearman });
    },
  );

  it('adds what a call costs: 16 us unless told otherwise', async () => {
    const at = async (...more: string[]) =>
      (await validate(file, 'titan-xp', ...more)).rows.map((row) => row.predicted);
    const [plain, none, fifty] = [
      await at(),
      await at('--call-overhead-us', '0'),
      await at('--call-overhead-us', '50'),
    ];
    plain.forEach((ms, i) => {
      expect(ms - none[i]!).toBeCloseTo(0.016, 12);
      expect(fifty[i]! - none[i]!).toBeCloseTo(0.05, 12);
    });
  });

  it('takes the column of the pass', async () => {
    const data = await validate(file, 'titan-xp', '--pass', 'backward-data');
    expect(data).toMatchObject({ pass: 'backward-data', n: 6 }); // the row without a forward time has one here
    expect(data.rows.map(({ measured }) => measured)).toEqual([0.5, 1.1, 0.5, 0.5, 0.5, 0.5]);
    expect(Object.keys(data.baselines)).toEqual(['roofline']); // delta-2019 covers forward alone
    const filter = await validate(file, 'titan-xp', '--pass', 'backward-filter');
    expect(filter.rows[1]!.measured).toBeCloseTo(1.3, 12);
  });

  it('keeps the rows whose algorithm matches', async () => {
    const linesOf = async (pattern: string) =>
      (await validate(file, 'titan-xp', '--algorithm', pattern)).rows.map(({ line }) => line);
    expect(await linesOf('PRECOMP')).toEqual([6]);
    expect(await linesOf('FFT|PRECOMP')).toEqual([6, 8]);
  });

  it('has no rank correlation of a single row', async () => {
    const one = writeCsv(makeFolder(), [SHAPES[0]!]);
    expect((await validate(one, 'titan-xp')).spearman).toBeNull();
    expect(await printed(['validate', one, '--gpu', 'titan-xp'])).not.toContain('NaN');
  });
});

interface NetworkLayer extends Record<'in_channels' | 'in_height' | 'in_width' | 'out_channels', number> {
  name: string;
  filter: [number, number];
  padding: [number, number];
  stride: [number, number];
}

/** ResNet-50's layers as rows, each with the time that `explain` prints for it, times a factor. */
async function ownTimes(gpu: string, factor: number): Promise<Cells[]> {
  const [network, explained] = await Promise.all([
    printedJson<{ layers: NetworkLayer[] }>(['networks', 'resnet50', '--json']),
    printedJson<{ layers: { name: string; time_ms: number }[] }>([
      ...['explain', '--gpu', gpu, '--network', 'resnet50', '--batch', '16', '--json'],
    ]),
  ]);
  return network.layers.map(({ name, in_channels, in_height, in_width, out_channels, filter, padding, stride }, i) => {
    expect(explained.layers[i]!.name).toBe(name);
    return {
      ...{ workload: name, batch: 16, in_channels, in_height, in_width, out_channels },
      ...{ filter_height: filter[0], filter_width: filter[1], pad_height: padding[0], pad_width: padding[1] },
      ...{ stride_height: stride[0], stride_width: stride[1] },
      forward_ms: factor * explained.layers[i]!.time_ms,
    };
  });
}

describe("the model's own times as measurements", () => {
  const ofOneCall = ['--call-overhead-us', '4'];

  it('are met exactly', async () => {
    const file = writeCsv(makeFolder(), await ownTimes('v100', 1));
    const json = await validate(file, 'v100', ...ofOneCall);
    expect(json.n).toBe(20);
    for (const error of [json.gmae, json.max_abs_error]) expect(Math.abs(error)).toBeLessThan(1e-9);
    expect(json.bias).toBeCloseTo(1, 9);
    expect(json.spearman).toBeCloseTo(1, 12);
  });

  it('times a factor are missed by that factor', async () => {
    const file = writeCsv(makeFolder(), await ownTimes('v100', 0.8));
    const json = await validate(file, 'v100', ...ofOneCall);
    for (const error of [json.gmae, json.median_abs_error, json.max_abs_error]) expect(error).toBeCloseTo(0.25, 9);
    expect(json.bias).toBeCloseTo(1.25, 9);
    expect(json.spearman).toBeCloseTo(1, 12);
  });

  it('give the speed-up between two GPUs, off by the ratio of their factors', async () => {
    const folder = makeFolder();
    const one = writeCsv(folder, await ownTimes('titan-xp', 0.5), 'one.csv');
    const rows = await ownTimes('v100', 0.4);
    const other = writeCsv(folder, [...rows].reverse().slice(2), 'other.csv');
    const { speedup } = await validate(one, 'titan-xp', '--against', other, '--other-gpu', 'v100', ...ofOneCall);
    expect(speedup).toMatchObject({ other_gpu: 'v100', n: 18 });
    expect(speedup!.bias).toBeCloseTo(0.8, 9); // 2/2.5
    expect(speedup!.gmae).toBeCloseTo(0.25, 9);
    expect(Object.keys(speedup!.baselines)).toEqual(['delta-2019', 'roofline']);
    expectStatistics(speedup!, speedup!.rows);
  });
});

describe('validate, as text', () => {
  it.each([
    ['forward', ['delta', 'delta-2019', 'roofline']],
    ['backward-data', ['delta', 'roofline']],
  ])('fits 100 columns, %s', async (pass, names) => {
    const folder = makeFolder();
    const big: Cells = { batch: 65_536, in_channels: 2048, in_height: 700, in_width: 161, forward_ms: 0.000123 };
    const file = writeCsv(folder, [...SHAPES, big]);
    const text = await printed([
      ...['validate', file, '--gpu', 'titan-x-maxwell', '--pass', pass],
      ...['--against', file, '--other-gpu', 'titan-x-pascal'],
    ]);
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(text).not.toMatch(/undefined|NaN/);
    expect(text).toContain(`${pass} pass on titan-x-maxwell: predicted against measured time\n`);
    expect(text).toContain('\nspeed-up from titan-x-maxwell to titan-x-pascal, layer by layer\n');
    for (const name of names) expect(text.match(new RegExp(`\n${name} +[56] `, 'g'))).toHaveLength(2);
  });
});

describe('validate with wrong input', () => {
  let folder: string;
  beforeAll(() => {
    folder = makeFolder();
    writeCsv(folder, SHAPES, 'good.csv');
    writeCsv(folder, [{ ...SHAPES[0]!, out_channels: 7 }], 'other.csv');
    writeFileSync(join(folder, 'bad.csv'), csv({}, { batch: 'x' }));
    writeFileSync(join(folder, 'bytes.csv'), Uint8Array.from([0xff, 0xfe, 0, 1]));
    writeFileSync(join(folder, 'empty.csv'), '');
  });

  const good = ['good.csv', '--gpu', 'v100'];
  it.each<[string[], RegExp]>([
    [['nosuch.csv', '--gpu', 'v100'], /nosuch\.csv: no such file/],
    [['bad.csv', '--gpu', 'v100'], /bad\.csv:3: batch, got "x"/],
    [['bytes.csv', '--gpu', 'v100'], /bytes\.csv: not a text file/],
    [['empty.csv', '--gpu', 'v100'], /empty\.csv:1: no column batch/],
    [['good.csv'], /missing required argument: gpu/],
    [['good.csv', '--gpu', 'v10'], /unknown GPU 'v10'.*did you mean 'v100'/],
    [[...good, '--pass', 'training'], /--pass: unknown value, got "training", expected one of forward, backward-data/],
    [[...good, '--model', 'delta-2019', '--pass', 'backward-data'], /--pass: .*got "backward-data", expected forward/],
    [[...good, '--model', 'roofline'], /--model: unknown value, got "roofline"/],
    [[...good, '--algorithm', '('], /--algorithm: .*got "\(", expected a regular expression/],
    [[...good, '--algorithm', 'WINOGRAD'], /good\.csv: no row has a forward_ms and an algorithm that matches WINOGRAD/],
    [[...good, '--call-overhead-us', '-1'], /--call-overhead-us, got -1|not enough arguments/],
    [[...good, '--call-overhead-us', 'x'], /--call-overhead-us, got NaN, expected microseconds/],
    [[...good, '--against', 'good.csv'], /--against and --other-gpu go together/],
    [[...good, '--other-gpu', 'p100'], /--against and --other-gpu go together/],
    [[...good, '--against', 'other.csv', '--other-gpu', 'p100'], /other\.csv: .*no layer in common/],
    [[...good, '--against', 'bad.csv', '--other-gpu', 'p100'], /bad\.csv:3: batch/],
    [['--gpu', 'v100'], /not enough non-option arguments/],
  ])('is refused in one line: %j', async (args, message) => {
    const { code, stdout, stderr } = await deltaSweep(['validate', ...args], folder);
    expect(stderr).toMatch(/^delta-sweep: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
