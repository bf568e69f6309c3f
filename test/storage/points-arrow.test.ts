import { beforeAll, describe, expect, it } from '@jest/globals';
import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { columnsOf } from '../../src/space/columns.js';
import type { SweepSpec } from '../../src/space/study.js';
import { LARGE, SMALL, studyOf } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

async function stored(spec: SweepSpec) {
  const folder = makeFolder();
  await storeStudy(folder, studyOf(spec), { chunkPoints: 777 });
  return { folder, bytes: readFileSync(join(folder, 'points.arrow')) };
}

/** Columns as another Arrow implementation reads them; its whole numbers may be bigint. */
function columnsByPolars(bytes: Buffer): Record<string, unknown[]> {
  const frame = pl.readIPC(bytes);
  const plain = (cell: unknown) => (typeof cell === 'bigint' ? Number(cell) : (cell ?? null));
  return Object.fromEntries(frame.columns.map((name) => [name, [...frame.getColumn(name).toArray()].map(plain)]));
}

const columnOf = (rows: readonly Row[], name: string) => rows.map((row) => row[name]);

describe.each([
  { name: 'two workloads, text axes and infeasible designs', spec: SMALL, infeasible: true },
  { name: 'more than 65,536 rows', spec: LARGE, infeasible: true },
])('points.arrow of a study with $name', ({ spec }) => {
  let folder: string;
  let bytes: Buffer;
  beforeAll(async () => ({ folder, bytes } = await stored(spec)));

  it('holds what study.db holds, read with polars, in every cell', () => {
    const rows = rowsOf(folder, 'SELECT * FROM points ORDER BY id');
    const columns = columnsByPolars(bytes);
    expect(Object.keys(columns)).toEqual(Object.keys(rows[0]!));
    for (const [name, cells] of Object.entries(columns)) expect(cells).toEqual(columnOf(rows, name));
    expect(rows.filter((row) => row['time_ms'] === null).length).toBeGreaterThan(100);
    expect(rows.filter((row) => row['time_ms'] !== null).length).toBeGreaterThan(100);
  });

  it('says the unit and the meaning of every field', () => {
    const { fields } = tableFromIPC(bytes).schema;
    expect(fields.map(({ name, metadata }) => [name, metadata.get('unit'), metadata.get('meaning')])).toEqual(
      columnsOf(studyOf(spec)).map(({ name, unit, meaning }) => [name, unit, meaning]),
    );
    const unitOf = (name: string) => fields.find((field) => field.name === name)!.metadata.get('unit');
    expect(['time_ms', 'dram_gbps', 'area_mm2', 'l1_gb', 'network'].map(unitOf)).toEqual([
      'ms',
      'GB/s',
      'mm2',
      'GB',
      '-',
    ]);
  });

  it('has a record batch for each chunk that has rows, and dictionaries for text', () => {
    const points = rowsOf<{ points: number }>(folder, 'SELECT points FROM chunks WHERE points > 0 ORDER BY chunk');
    const batches = [...RecordBatchReader.from(bytes)].map(({ numRows }) => numRows);
    expect(batches).toEqual(points.map((chunk) => chunk.points));
    expect(batches.length).toBeGreaterThan(1);
    const { fields, metadata } = tableFromIPC(bytes).schema;
    for (const { name, type } of columnsOf(studyOf(spec)))
      expect(String(fields.find((field) => field.name === name)!.type).startsWith('Dictionary')).toBe(type === 'text');
    expect(metadata.get('study')).toBe(spec.name);
    expect(metadata.get('hash')).toMatch(/^[0-9a-f]{64}$/);
  });
});
