/** A study that is hard to hand on, and its cells as SQLite has them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadStudy } from '../../src/space/files/spec-file.js';
import type { Study } from '../../src/space/study.js';
import { rowsOf } from './stored.js';
import { writeSpec } from './specs.js';

/** Names with what CSV, JSON, SQL, Hive and shells have their own view of; one that pandas takes for a missing value. */
export const HARD_NAME = 'comma, "quote" \'tick\' / 100% = süß 網 \u{1F600}\nsecond line\ttab';
export const MISSING_NAME = 'NA';

const network = (name: string, inChannels: number) =>
  JSON.stringify({
    name,
    layers: [{ name: 'only', in_channels: inChannels, in_height: 8, in_width: 8, out_channels: 8, filter: 3 }],
  });

/**
 * 24,000 points, more than one record batch: three workloads of two networks, the first of which comes back after the second;
 * a text axis; half of the designs infeasible.
 */
export function hardStudy(folder: string): Study {
  writeFileSync(join(folder, 'hard.json'), network(HARD_NAME, 3));
  writeFileSync(join(folder, 'missing.json'), network(MISSING_NAME, 4));
  const spec = writeSpec(folder, {
    name: 'hard',
    baseline: 'titan-xp',
    workloads: [
      { network: './hard.json', batch: 2 },
      { network: './missing.json', batch: 3 },
      { network: './hard.json', batch: 1 },
    ],
    axes: {
      register_kib: { values: [16, 256] },
      cta_tile: { values: ['auto', '128x128x8'] },
      l2_gbps: { range: { from: 1000, to: 8000, steps: 25, spacing: 'log' } },
      dram_gbps: { range: { from: 400, to: 3200, steps: 80, spacing: 'log' } },
    },
  });
  return loadStudy(spec);
}

export type Cell = number | string | null;
export type Columns = Record<string, Cell[]>;

/** Columns out of whatever a reader hands out: its whole numbers may be bigint, its missing values undefined. */
export function plainColumns(columns: Record<string, Iterable<unknown>>): Columns {
  const plain = (cell: unknown) => (typeof cell === 'bigint' ? Number(cell) : ((cell ?? null) as Cell));
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, Array.from(cells, plain)]));
}

/** The columns of `points`, straight from SQLite. */
export function storedPointColumns(folder: string, where = '1'): Columns {
  const rows = rowsOf(folder, `SELECT * FROM points WHERE ${where} ORDER BY id`);
  return Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, rows.map((row) => row[name]!)]));
}

/** The first cell of each column in which two readings differ; empty where they agree in all. */
export function differingCells(got: Columns, wanted: Columns): string[] {
  const names = [...new Set([...Object.keys(got), ...Object.keys(wanted)])];
  return names.flatMap((name) => {
    const [a, b] = [got[name] ?? [], wanted[name] ?? []];
    const row = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).find((i) => a[i] !== b[i]);
    return row === undefined ? [] : [`${name}[${row}]: ${String(a[row])} for ${String(b[row])}`];
  });
}
