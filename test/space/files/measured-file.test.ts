/** Measured times: what is read, and what is refused. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeltaSweepError } from '../../../src/errors.js';
import { loadMeasured, parseMeasured } from '../../../src/space/files/measured-file.js';
import type { LayerPass } from '../../../src/model/layer.js';
import { csv, csvRow, HEADER, type Cells } from '../../helpers/measured.js';
import { tempFolders } from '../../helpers/temp.js';

const makeFolder = tempFolders();

const parse = (text: string, pass: LayerPass = 'forward', algorithm = /IMPLICIT/) =>
  parseMeasured(text, 'm.csv', pass, algorithm).layers;

/** The message of the input error that a text is refused with. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof DeltaSweepError && error.code === 'input') return error.message;
    throw error;
  }
  throw new Error('not refused');
}

describe('a measured file', () => {
  it('has layers with their times', () => {
    const row: Cells = {
      ...{ batch: 4, in_channels: 1, in_height: 161, in_width: 700, out_channels: 32 },
      ...{ filter_height: 5, filter_width: 20, pad_height: 0, pad_width: 3, stride_height: 1, stride_width: 2 },
      ...{ forward_algorithm: 'IMPLICIT_PRECOMP_GEMM', forward_ms: '0.131' },
    };
    expect(parse(csv(row))).toEqual([
      {
        line: 2,
        layer: {
          name: 'line 2',
          ...{ inChannels: 1, inHeight: 161, inWidth: 700, outChannels: 32, filterHeight: 5, filterWidth: 20 },
          ...{ strideHeight: 1, strideWidth: 2, padHeight: 0, padWidth: 3, groups: 1, count: 1 },
        },
        batch: 4,
        algorithm: 'IMPLICIT_PRECOMP_GEMM',
        seconds: 0.131 * 1e-3,
      },
    ]);
  });

  it.each<[LayerPass, number]>([
    ['forward', 0.25],
    ['backward-data', 0.5],
    ['backward-filter', 0.75],
  ])('has a column for %s', (pass, ms) => expect(parse(csv({}), pass)[0]!.seconds).toBeCloseTo(ms * 1e-3, 15));

  it.each(['', 'N/A', 'NA', 'n/a', ' N/A '])('skips rows whose time is %j', (cell) => {
    const text = csv({ forward_ms: cell }, {}, { forward_ms: cell, batch: 'nonsense' });
    expect(parse(text).map(({ line }) => line)).toEqual([3]);
  });

  it('keeps the rows whose algorithm matches', () => {
    const names = ['IMPLICIT_GEMM', 'WINOGRAD', 'IMPLICIT_PRECOMP_GEMM', 'FFT', ''];
    const text = csv(...names.map((forward_algorithm) => ({ forward_algorithm })));
    const linesOf = (pattern: RegExp) => parse(text, 'forward', pattern).map(({ line }) => line);
    expect(linesOf(/IMPLICIT/)).toEqual([2, 4]);
    expect(linesOf(/^IMPLICIT_GEMM$/)).toEqual([2]);
    expect(linesOf(/WINOGRAD|FFT/)).toEqual([3, 5]);
    expect(linesOf(/(?:)/)).toEqual([2, 3, 4, 5, 6]);
  });

  it('is not read where a row is not kept', () => {
    const bad: Cells = { batch: 'x', forward_algorithm: 'FFT' };
    expect(parse(csv(bad, {})).map(({ line }) => line)).toEqual([3]);
  });

  it('may have its columns in any order, and some that are carried along', () => {
    const columns = [...HEADER].reverse();
    const cells = csvRow().split(',').reverse();
    const text = `kernel,${columns.join(',')}\nmore,${cells.join(',')}\n`;
    expect(parse(text)).toEqual(parse(csv({})));
  });

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark, before a column that is read', (text: string) => `\uFEFF${text.replaceAll(/^\w+,/gm, '')}`],
    ['no end of line at the end', (text: string) => text.trimEnd()],
    ['spaces around cells', (text: string) => text.replaceAll(',', ' , ')],
    ['quoted cells', (text: string) => text.replaceAll(/[^,\n]+/g, '"$&"')],
  ])('may have %s', (_what, change) => expect(parse(change(csv({}, {})))).toEqual(parse(csv({}, {}))));

  it('has the lines that an editor shows, past empty ones', () => {
    expect(parse(csv({}, '', {})).map(({ line }) => line)).toEqual([2, 4]);
    expect(parse(csv({}, '', {}).replaceAll('\n', '\r\n')).map(({ line }) => line)).toEqual([2, 4]);
  });

  it('may have commas and quotes in a quoted cell', () => {
    const [row] = parse(csv({ workload: '"a, ""b"""', forward_algorithm: '"IMPLICIT, GEMM"' }));
    expect(row!.algorithm).toBe('IMPLICIT, GEMM');
  });

  it.each(['1e-3', '1e3', '0.000001', '1e300'])('may have a time of %s ms', (ms) =>
    expect(parse(csv({ forward_ms: ms }))[0]!.seconds / (Number(ms) * 1e-3)).toBeCloseTo(1, 12),
  );

  it('may have the largest shapes that networks have', () => {
    expect(parse(csv({ batch: 65_536, in_channels: 65_536, in_height: 65_536 }))).toHaveLength(1);
  });
});

describe('columns that a measured file may have', () => {
  const withColumns = (extra: Record<string, string>, cells: Cells = {}) =>
    `${[...HEADER, ...Object.keys(extra)].join(',')}\n${[csvRow(cells), ...Object.values(extra)].join(',')}\n`;

  it('are groups, which divide the channels', () => {
    expect(parse(withColumns({ groups: '32' }))[0]!.layer).toMatchObject({ inChannels: 64, groups: 32 });
    expect(refusal(() => parse(withColumns({ groups: '3' })))).toBe(
      'm.csv:2: groups, got "3", expected a divisor of in_channels and out_channels',
    );
  });

  it('are the tile that ran, or an empty cell', () => {
    expect(parse(withColumns({ cta_tile: '128x64x8' }))[0]!.tile).toMatchObject({ m: 128, n: 64, k: 8 });
    expect(parse(withColumns({ cta_tile: '' }))[0]!.tile).toBeUndefined();
    expect(refusal(() => parse(withColumns({ cta_tile: '7x7' })))).toMatch(/^m\.csv:2: cta_tile, got "7x7", expected /);
  });

  it('are the precision, of which fp32 is read and others are counted', () => {
    const rows = ['fp32', 'fp16', ''].map((precision) => `${csvRow()},${precision}`);
    const text = [[...HEADER, 'precision'].join(','), ...rows].join('\n');
    expect(parseMeasured(text, 'm.csv', 'forward', /./)).toMatchObject({
      leftOut: 1,
      layers: [{ line: 2 }, { line: 4 }],
    });
    expect(refusal(() => parse(withColumns({ precision: 'fp16' })))).toContain('all 1 rows are of another precision');
  });

  it('are not the algorithm alone: without it, all rows are kept', () => {
    const columns = HEADER.filter((column) => column !== 'forward_algorithm');
    const cells = csvRow()
      .split(',')
      .filter((_, i) => HEADER[i] !== 'forward_algorithm');
    expect(parse(`${columns.join(',')}\n${cells.join(',')}\n`)).toHaveLength(1);
  });

  it('are none that are not known', () => {
    expect(refusal(() => parse(withColumns({ group: '1' })))).toMatch(
      /^m\.csv:1: unknown column 'group', .*did you mean 'groups'/,
    );
  });
});

describe('a measured file that is wrong', () => {
  const shape = (from: 0 | 1) => `expected a whole number from ${from} to 65536`;

  it.each<[string, Cells, string]>([
    ['no whole number', { batch: '1.5' }, `batch, got "1.5", ${shape(1)}`],
    ['text', { in_channels: 'many' }, `in_channels, got "many", ${shape(1)}`],
    ['nothing', { in_height: '' }, `in_height, got "", ${shape(1)}`],
    ['zero', { stride_width: 0 }, `stride_width, got "0", ${shape(1)}`],
    ['a negative number', { pad_height: -1 }, `pad_height, got "-1", ${shape(0)}`],
    ['a huge number', { out_channels: 65_537 }, `out_channels, got "65537", ${shape(1)}`],
    [
      'a number beyond all',
      { filter_width: '1e999' },
      'filter_width, got "1e999", expected a whole number from 1 to 512',
    ],
    ['no time', { forward_ms: 'fast' }, 'forward_ms, got "fast", expected milliseconds above 0'],
    ['a time of zero', { forward_ms: 0 }, 'forward_ms, got "0", expected milliseconds above 0'],
    ['a negative time', { forward_ms: -2 }, 'forward_ms, got "-2", expected milliseconds above 0'],
    ['an endless time', { forward_ms: 'Infinity' }, 'forward_ms, got "Infinity", expected milliseconds above 0'],
    ['a filter that is too high', { filter_height: 17 }, 'the filter is larger than the padded input'],
    ['a filter that is too wide', { filter_width: 17 }, 'the filter is larger than the padded input'],
  ])('for a cell with %s names file, line and column', (_what, cells, message) =>
    expect(refusal(() => parse(csv({}, {}, cells)))).toBe(`m.csv:4: ${message}`),
  );

  it('may have a filter as large as the padded input', () => {
    expect(parse(csv({ filter_height: 16, filter_width: 16 }))).toHaveLength(1);
  });

  it('is refused with every bad cell named', () => {
    const message = refusal(() => parse(csv({ batch: 'x', forward_ms: -1 }, {}, { pad_width: 0.5 })));
    expect(message).toMatch(/^m\.csv:2: batch, .*; m\.csv:2: forward_ms, .*; m\.csv:4: pad_width, /);
    expect(message).not.toContain('\n');
  });

  it('is refused with the first of very many named', () => {
    const message = refusal(() => parse(csv(...Array.from({ length: 1000 }, () => ({ batch: 'x' })))));
    expect(message).toMatch(/; and 976 more$/);
    expect(message.length).toBeLessThan(3000);
  });

  it.each<[string, string, RegExp]>([
    ['nothing at all', '', /^m\.csv:1: no column batch, in_channels.*, expected a header with batch,/],
    [
      'a header without a column',
      csv({}).replaceAll(/,pad_width/g, ',pad'),
      /^m\.csv:1: no column pad_width, expected/,
    ],
    ['a header without the time', csv({}).replace('forward_ms', 'ms'), /^m\.csv:1: no column forward_ms, expected/],
    ['a column twice', csv({}).replace('workload', 'batch'), /^m\.csv:1: column batch is there twice$/],
    ['a header alone', csv(), /^m\.csv: no row has a forward_ms and an algorithm that matches IMPLICIT$/],
    ['no row with a time', csv({ forward_ms: '' }), /^m\.csv: no row has a forward_ms/],
    ['no row with the algorithm', csv({ forward_algorithm: 'FFT' }), /^m\.csv: no row has .* that matches IMPLICIT$/],
    ['a short row', csv({}, '1,2,3'), /^m\.csv:\d+: not valid CSV: .*line 3/],
    ['a long row', csv({}, `${csvRow()},1`), /^m\.csv:\d+: not valid CSV: .*line 3/],
    ['an open quote', csv({ workload: '"open' }), /^m\.csv:\d+: not valid CSV: /],
    ['a quote inside a cell', csv({ workload: 'a"b' }), /^m\.csv:\d+: not valid CSV: /],
  ])('for %s is refused', (_what, text, message) => {
    expect(refusal(() => parse(text))).toMatch(message);
    expect(refusal(() => parse(text))).not.toContain('\n');
  });

  it('needs only the time of the pass that is asked for', () => {
    const text = csv({ backward_data_ms: '', backward_filter_ms: 'nonsense' });
    expect(parse(text)).toHaveLength(1);
    expect(refusal(() => parse(text, 'backward-data'))).toMatch(/no row has a backward_data_ms/);
    expect(refusal(() => parse(text, 'backward-filter'))).toMatch(/:2: backward_filter_ms, got "nonsense"/);
  });

  it('gives one line whatever the text', () => {
    const soup = fc.string({ unit: fc.constantFrom(',', '"', '\n', '\r', '0', '-1', 'N/A', ' ', '\u2028', '\u0001') });
    const bodies = fc.oneof(fc.string({ unit: 'binary' }), soup);
    const texts = fc.oneof(
      bodies,
      bodies.map((body) => `${HEADER.join(',')}\n${body}`),
      fc.tuple(fc.nat(15), bodies).map(([at, cell]) => csv(csvRow().split(',').with(at, cell).join(','))),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          for (const { seconds, batch } of parse(text, 'forward', /(?:)/)) {
            expect(seconds).toBeGreaterThan(0);
            expect(batch).toBeGreaterThan(0);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DeltaSweepError);
          expect((error as DeltaSweepError).code).toBe('input');
          expect((error as Error).message).toMatch(/^m\.csv:[^\p{Cc}\p{Zl}\p{Zp}]+$/u);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a measured file on disk', () => {
  it('is read by its path', () => {
    const path = join(makeFolder(), 'times.csv');
    writeFileSync(path, csv({}));
    expect(loadMeasured(path, 'forward', /./).layers).toHaveLength(1);
  });

  it('of random bytes gives one line that names it', () => {
    const path = join(makeFolder(), 'times.csv');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        writeFileSync(path, bytes);
        const message = refusal(() => loadMeasured(path, 'forward', /./));
        expect(message.startsWith(path)).toBe(true);
        expect(message).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 200 },
    );
  });

  it('that is not there is named', () =>
    expect(refusal(() => loadMeasured('nosuch.csv', 'forward', /./))).toBe('nosuch.csv: no such file'));
});
