import { describe, expect, it } from '@jest/globals';
import { infeasibleReason, parseTile, TILE_LIMITS } from '../../src/model/tile.js';
import { PAPER_TILES } from '../../src/model/tile-choice.js';
import { METRICS } from '../../src/model/metrics.js';
import { cellOf, columnsOf, makeBatch, type TextColumn } from '../../src/space/columns.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf } from '../../src/space/study.js';
import { studyOf } from './studies.js';

const TILES = ['auto', '512x64x64', '128x128x8'];
const study = studyOf({
  workloads: [
    { network: 'b', batch: 1 },
    { network: 'a', batch: 2 },
    { network: 'b', batch: 4 },
  ],
  axes: { cta_tile: { values: TILES }, smem_kib: { values: [1, 8, 96] } },
  linked: [{ sm_count: { scale: [1, 2] }, l1_kib: { scale: [1, 2] } }],
});
const columns = columnsOf(study);
const text = (name: string) => columns.find((column) => column.name === name) as TextColumn;

describe('columnsOf', () => {
  it('goes from the id over the workload and the swept axes to the metrics', () => {
    expect(columns.map(({ name }) => name)).toEqual([
      'id',
      'design',
      'network',
      'batch',
      'pass',
      'sm_count',
      'smem_kib',
      'l1_kib',
      'cta_tile',
      ...METRICS.map(({ name }) => name),
      'infeasible',
    ]);
  });

  it('makes whole-number resources, ids and batches int, other resources real, and tiles text', () => {
    const typeOf = (name: string) => columns.find((column) => column.name === name)!.type;
    for (const name of ['id', 'design', 'batch', 'sm_count']) expect([name, typeOf(name)]).toEqual([name, 'int']);
    for (const name of ['smem_kib', 'l1_kib', 'time_ms']) expect([name, typeOf(name)]).toEqual([name, 'real']);
    expect(typeOf('cta_tile')).toBe('text');
  });

  it('gives every column a meaning and a unit, and every name once', () => {
    for (const column of columns) {
      expect(column.meaning).not.toBe('');
      expect(column.unit).not.toBe('');
    }
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });

  it('lists every text that a column can hold, once', () => {
    expect(text('network').dictionary).toEqual(['b', 'a']);
    expect(text('pass').dictionary).toEqual(['forward']);
    expect(text('cta_tile').dictionary).toEqual(TILES);
    for (const column of columns)
      if (column.type === 'text') expect(new Set(column.dictionary).size).toBe(column.dictionary.length);
  });

  it('knows every reason for which a design can be infeasible', () => {
    const { dictionary } = text('infeasible');
    const tiles = [parseTile('512x64x64')!, ...PAPER_TILES.map(({ tile }) => tile)];
    for (const tile of tiles)
      for (const limit of TILE_LIMITS) expect(dictionary).toContain(infeasibleReason(tile, limit));
    const evaluator = new PointEvaluator(study);
    const outcomes = Array.from({ length: gridOf(study).size }, (_, id) => evaluator.evaluateId(id));
    const reasons = outcomes.flatMap((outcome) => ('infeasible' in outcome ? [outcome.infeasible] : []));
    expect(new Set(reasons).size).toBeGreaterThan(2);
    for (const reason of reasons) expect(dictionary).toContain(reason);
  });
});

describe('a batch', () => {
  it('has room for numbers and for positions of texts', () => {
    const batch = makeBatch(columns, 3);
    expect(batch.rows).toBe(0);
    columns.forEach((column, i) => {
      expect(batch.columns[i]).toBeInstanceOf(column.type === 'text' ? Int32Array : Float64Array);
      expect(batch.columns[i]).toHaveLength(3);
    });
  });

  it('shows cells as users see them', () => {
    expect(cellOf(text('network'), Int32Array.of(1, -1), 0)).toBe('a');
    expect(cellOf(text('network'), Int32Array.of(1, -1), 1)).toBeNull();
    expect(cellOf(columns[0]!, Float64Array.of(7, Number.NaN), 0)).toBe(7);
    expect(cellOf(columns[0]!, Float64Array.of(7, Number.NaN), 1)).toBeNull();
  });
});
