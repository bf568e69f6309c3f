/** A study of named options as it is stored: the column `option`, the table of axes. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digitsOf } from '../../src/space/grid.js';
import { gridOf } from '../../src/space/study.js';
import { differences, hashOf, identify } from '../../src/storage/folder/identity.js';
import { OPTIONS, studyOf, TINY } from '../helpers/specs.js';
import { rowsOf, storeStudy, type Row } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const study = studyOf(OPTIONS);
let folder: string;
let rows: Row[];
beforeAll(async () => {
  folder = makeFolder();
  await storeStudy(folder, study, { chunkPoints: 3 });
  rows = rowsOf(folder, 'SELECT * FROM points ORDER BY id');
});

const optionOf = (id: number) => {
  const digits: number[] = [];
  digitsOf(gridOf(study), id, digits);
  return OPTIONS.options![digits[1]!]!.name;
};

describe('the column option', () => {
  it('names the option of every row in study.db', () => {
    expect(rows).toHaveLength(16); // two of the five options are cut where L2 is not scaled
    for (const { id, option } of rows) expect(option).toBe(optionOf(id as number));
  });

  it('says in points.arrow what it says in study.db', () => {
    const table = tableFromIPC(readFileSync(join(folder, 'points.arrow')));
    const ids = [...table.getChild('id')!].map(Number);
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect([...table.getChild('option')!]).toEqual(rows.map(({ option }) => option));
  });

  it('can be asked for in SQL, with values that several options share', () => {
    const sql = 'SELECT option, sm_count, dram_gbps, cta_tile FROM points WHERE sm_count = 60 AND batch = 8';
    expect(rowsOf(folder, sql)).toEqual([
      { option: 'sms-2x', sm_count: 60, dram_gbps: 449.114, cta_tile: 'auto' },
      { option: 'sms-2x-dram', sm_count: 60, dram_gbps: 2.5 * 449.114, cta_tile: 'auto' },
    ]);
    const unfit = rowsOf(folder, "SELECT DISTINCT infeasible FROM points WHERE option = 'no-fit'");
    expect(unfit).toHaveLength(1);
    expect(unfit[0]!['infeasible']).toContain('KiB of registers');
  });
});

describe('the table axes', () => {
  const valuesOf = (axis: string) =>
    rowsOf(folder, 'SELECT value, digit, swept, baseline FROM axes WHERE axis = ? ORDER BY position', axis);

  it('lists the options, and a value an option of every axis that they change', () => {
    const names = OPTIONS.options!.map(({ name }) => name);
    expect(valuesOf('option')).toEqual(names.map((value) => ({ value, digit: 1, swept: 1, baseline: 'titan-xp' })));
    expect(valuesOf('sm_count').map(({ value, digit }) => [value, digit])).toEqual(
      [60, 30, 60, 30, 45].map((value) => [value, 1]),
    );
    expect(valuesOf('l2_gbps').map(({ digit }) => digit)).toEqual([2, 2]);
  });

  it('gives times along options where the front alone is kept', async () => {
    const front = makeFolder();
    await storeStudy(front, studyOf({ ...OPTIONS, store: { points: 'front' } }));
    const sql = "SELECT value, points, least_time_ms FROM axis_times WHERE axis = 'option' AND batch = 8";
    for (const { value, points, least_time_ms } of rowsOf(front, sql)) {
      const ofOption = rows.filter(({ option, batch }) => option === value && batch === 8);
      expect(points).toBe(ofOption.length);
      const times = ofOption.map(({ time_ms }) => time_ms).filter((time) => time !== null);
      expect(least_time_ms).toBe(times.length > 0 ? Math.min(...times.map(Number)) : null);
    }
  });
});

describe('the identity of a study', () => {
  it('knows options by their names, and is what it was for a study without', () => {
    const renamed = studyOf({
      ...OPTIONS,
      options: OPTIONS.options!.map((option, i) => (i === 0 ? { ...option, name: 'other' } : option)),
    });
    expect(differences(identify(study), identify(renamed))).toEqual(['options']);
    expect(hashOf(identify(study))).not.toBe(hashOf(identify(renamed)));
    expect(differences(identify(study), identify(studyOf({ ...TINY, name: 'options' })))).toContain('options');
    expect('options' in studyOf(TINY)).toBe(false);
  });
});
