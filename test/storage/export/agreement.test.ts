/** Every format holds what study.db holds, in every cell, read by programs that share nothing with this one. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pl from 'nodejs-polars';
import { exportStudy } from '../../../src/study/export-study.js';
import { columnsOf } from '../../../src/space/columns.js';
import type { Study } from '../../../src/space/study.js';
import { duckdb } from '../../helpers/duckdb.js';
import {
  differingCells,
  HARD_NAME,
  hardStudy,
  MISSING_NAME,
  plainColumns,
  storedPointColumns,
  type Columns,
} from '../../helpers/export.js';
import { python, where } from '../../helpers/python.js';
import { storeStudy } from '../../helpers/stored.js';
import { tempFolders } from '../../helpers/temp.js';

const makeFolder = tempFolders();
const CONDITION = "time_ms IS NULL AND dram_gbps < 1000 OR bottleneck = 'dram' -- of all networks";

let folder: string;
let out: string;
let study: Study;
let stored: Columns;
beforeAll(async () => {
  folder = makeFolder();
  out = makeFolder();
  study = hardStudy(makeFolder());
  await storeStudy(folder, study);
  stored = storedPointColumns(folder);
});

async function exported(name: string, condition?: string): Promise<string> {
  const to = join(out, name);
  await exportStudy(folder, { to, where: condition, force: false, units: false });
  return to.replace(/\/$/, '');
}

const byPolars = (frame: pl.DataFrame) =>
  plainColumns(Object.fromEntries(frame.columns.map((name) => [name, frame.getColumn(name).toArray()])));

/** Compares two tables cell by cell in Python: 256 is 256.0, and texts are what they are, whatever pandas takes for missing. */
const COMPARE = `
import json, pandas, sqlite3, sys
database, file, condition = sys.argv[1:]
wanted = pandas.read_sql(f"SELECT * FROM points WHERE {condition}\\n ORDER BY id", sqlite3.connect(database))
if file.endswith(".csv"):
    got = pandas.read_csv(file, float_precision="round_trip", keep_default_na=False, na_values={c: [""] for c in wanted.columns})
else:
    with open(file, encoding="utf-8", newline="\\n") as lines:
        got = pandas.DataFrame([json.loads(line) for line in lines])
pandas.testing.assert_frame_equal(got, wanted, check_exact=True, check_dtype=False)
print(len(got))`;

describe('an export of a study with hard names, infeasible designs and 24,000 points', () => {
  it('has something of everything', () => {
    expect(stored['id']).toHaveLength(24_000);
    expect(new Set(stored['network'])).toEqual(new Set([HARD_NAME, MISSING_NAME]));
    expect(stored['time_ms']!.filter((cell) => cell === null).length).toBeGreaterThan(1000);
    expect(storedPointColumns(folder, `${CONDITION}\n`)['id']!.length).toBeGreaterThan(1000);
  });

  describe.each([
    { rows: 'all', condition: undefined, sql: '1' },
    { rows: 'filtered', condition: CONDITION, sql: CONDITION },
  ])('of $rows rows', ({ rows, condition, sql }) => {
    let wanted: Columns;
    beforeAll(() => void (wanted = storedPointColumns(folder, `${sql}\n`)));

    it('agrees as Arrow, read by Polars', async () => {
      const file = await exported(`${rows}.arrow`, condition);
      expect(differingCells(byPolars(pl.readIPC(readFileSync(file))), wanted)).toEqual([]);
    });

    it('agrees as Parquet, read by DuckDB', async () => {
      const file = await exported(`${rows}.parquet`, condition);
      const columns = plainColumns(await duckdb(`SELECT * FROM '${file}'`));
      expect(Object.keys(columns)).toEqual(Object.keys(wanted));
      expect(differingCells(columns, wanted)).toEqual([]);
    });

    it('agrees as Parquet, read by Polars', async () => {
      const file = await exported(`${rows}-2.parquet`, condition);
      expect(differingCells(byPolars(pl.readParquet(file)), wanted)).toEqual([]);
    });

    it('agrees as Parquet with a folder a network, read by DuckDB', async () => {
      const parts = await exported(`${rows}-parts/`, condition);
      const columns = await duckdb(
        `SELECT * FROM read_parquet('${parts}/*/*.parquet', hive_partitioning = true) ORDER BY id`,
      );
      expect(differingCells(plainColumns(columns), wanted)).toEqual([]);
      expect(readdirSync(parts).sort()).toEqual(
        [`network=${MISSING_NAME}`, `network=${encodeURIComponent(HARD_NAME)}`].sort(),
      );
    });

    where('pandas')('agrees as CSV, read by pandas beside SQLite', async () => {
      const file = await exported(`${rows}.csv`, condition);
      expect(Number(python(COMPARE, [join(folder, 'study.db'), file, sql]))).toBe(wanted['id']!.length);
    });

    where('pandas')('agrees as NDJSON, read by Python beside SQLite', async () => {
      const file = await exported(`${rows}.ndjson`, condition);
      expect(Number(python(COMPARE, [join(folder, 'study.db'), file, sql]))).toBe(wanted['id']!.length);
    });
  });

  it('is a copy of points.arrow, where it is Arrow and all rows', async () => {
    const file = await exported('copy.arrow');
    expect(readFileSync(file).equals(readFileSync(join(folder, 'points.arrow')))).toBe(true);
  });

  it('tells units and meanings in Arrow, filtered or not', async () => {
    const { fields, metadata } = tableFromIPC(readFileSync(await exported('units.arrow', 'id < 100'))).schema;
    expect(fields.map(({ name, metadata }) => [name, metadata.get('unit'), metadata.get('meaning')])).toEqual(
      columnsOf(study).map(({ name, unit, meaning }) => [name, unit, meaning]),
    );
    expect(metadata.get('study')).toBe('hard');
  });

  it('tells units in the metadata of Parquet, which is compressed with zstd in row groups', async () => {
    const file = await exported('units.parquet');
    const { key, value } = await duckdb(
      `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata('${file}')`,
    );
    const metadata = Object.fromEntries(key!.map((name, i) => [name, value![i]])) as Record<string, string>;
    expect(metadata['study']).toBe('hard');
    expect(metadata['hash']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(metadata['units']!)).toEqual(
      Object.fromEntries(columnsOf(study).map(({ name, unit }) => [name, unit])),
    );
    const codecs = await duckdb(`SELECT DISTINCT compression FROM parquet_metadata('${file}')`);
    expect(codecs['compression']).toEqual(['ZSTD']);
  });

  it('has its columns and no row where no point meets the condition', async () => {
    expect(readFileSync(await exported('none.csv', '0'), 'utf8')).toBe(`${Object.keys(stored).join(',')}\n`);
    expect(readFileSync(await exported('none.ndjson', '0'), 'utf8')).toBe('');
    expect(pl.readIPC(readFileSync(await exported('none.arrow', '0'))).shape).toEqual({
      height: 0,
      width: Object.keys(stored).length,
    });
    const described = await duckdb(`DESCRIBE SELECT * FROM '${await exported('none.parquet', '0')}'`);
    expect(described['column_name']).toEqual(Object.keys(stored));
  });

  it('takes a condition with a query of its own', async () => {
    const file = await exported('front.csv', 'id IN (SELECT id FROM points ORDER BY time_ms DESC LIMIT 3)');
    expect(readFileSync(file, 'utf8').match(/^\d+,/gm)).toHaveLength(3);
  });
});
