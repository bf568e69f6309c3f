import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { deltaSweep, startDeltaSweep } from '../helpers/command.js';
import { whyNoSmallDisk, withSmallDisk } from '../helpers/small-disk.js';
import { LARGE, studyOf, TINY } from '../helpers/specs.js';
import { storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let tiny: string;
let large: string;
beforeAll(async () => {
  tiny = makeFolder();
  large = makeFolder();
  await storeStudy(tiny, studyOf(TINY));
  await storeStudy(large, studyOf(LARGE));
});

const exported = (args: readonly string[], cwd: string) => deltaSweep(['export', tiny, ...args], cwd);

describe('export', () => {
  it('says what it wrote, on stderr alone', async () => {
    const out = makeFolder();
    const { code, stdout, stderr } = await exported(['--to', 'p.csv', '--where', 'sm_count > 60'], out);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^p\.csv: 20 points, \d+ columns\n$/);
    expect(readdirSync(out)).toEqual(['p.csv']);
    expect(readFileSync(join(out, 'p.csv'), 'utf8').split('\n')).toHaveLength(22);
  });

  it('replaces a file where --force says so, and only then', async () => {
    const out = makeFolder();
    writeFileSync(join(out, 'p.ndjson'), 'mine');
    expect(await exported(['--to', 'p.ndjson'], out)).toMatchObject({
      code: 1,
      stderr: 'delta-sweep: p.ndjson: exists, expected another name, or --force to replace it\n',
    });
    expect(readFileSync(join(out, 'p.ndjson'), 'utf8')).toBe('mine');
    expect(await exported(['--to', 'p.ndjson', '--force'], out)).toMatchObject({ code: 0 });
    expect(readFileSync(join(out, 'p.ndjson'), 'utf8').split('\n')).toHaveLength(41);
  });

  it('writes a table of units beside CSV where --units says so', async () => {
    const out = makeFolder();
    expect(await exported(['--to', 'p.csv', '--units'], out)).toMatchObject({ code: 0 });
    const [header, ...lines] = readFileSync(join(out, 'p.units.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('column,unit,meaning');
    const columns = readFileSync(join(out, 'p.csv'), 'utf8').split('\n')[0]!.split(',');
    expect(lines.map((line) => line.split(',')[0])).toEqual(columns);
    expect(lines.find((line) => line.startsWith('time_ms,'))).toMatch(/^time_ms,ms,/);
  });

  it('notes a run that has not finished, and exports what is stored', async () => {
    const [folder, out] = [makeFolder(), makeFolder()];
    await storeStudy(folder, studyOf(TINY));
    const manifest = join(folder, 'study.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"finished": "[^"]*"/, '"finished": null'));
    const db = new Database(join(folder, 'study.db'));
    db.exec('DELETE FROM evaluated WHERE id >= 30');
    db.close();
    const { code, stderr } = await deltaSweep(['export', folder, '--to', 'p.arrow'], out);
    expect([code, stderr.split('\n').map((line) => line.split(';')[0])]).toEqual([
      0,
      ['note: the run of this study has not finished', expect.stringMatching(/^p\.arrow: 30 points, /), ''],
    ]);
  });

  it('exports the front of a study that keeps nothing else, and says so', async () => {
    const [folder, out] = [makeFolder(), makeFolder()];
    await storeStudy(folder, studyOf({ ...TINY, store: { points: 'front' } }));
    for (const name of ['p.arrow', 'p.parquet', 'p.csv']) {
      const { code, stderr } = await deltaSweep(['export', folder, '--to', name], out);
      expect([code, stderr]).toEqual([
        0,
        expect.stringMatching(/^note: this study keeps its front alone.*\np\.\w+: \d+ points, \d+ columns\n$/),
      ]);
    }
  });
});

const CONDITION = 'expected a condition in SQL on the columns of points';

describe('an export that cannot be', () => {
  it.each([
    { args: ['--to', 'p.parqet'], message: /^--to: unknown format, got "p\.parqet", expected .*'\.parquet'\?\)$/ },
    { args: ['--to', 'p'], message: /^--to: unknown format, got "p", expected a file that ends in \.arrow, / },
    { args: ['--to', '/'], message: /^--to: unknown format, got "\/", expected / },
    { args: ['--to', 'there.csv'], message: /^there\.csv: is a folder, expected a file/ },
    { args: ['--to', 'there.csv/'], message: /^there\.csv: exists, expected a new or an empty folder$/ },
    { args: ['--to', 'nowhere/p.csv'], message: /^nowhere\/p\.csv: cannot be written: ENOENT: no such file/ },
    { args: ['--to', 'nowhere/p/'], message: /^nowhere\/p: cannot be written: ENOENT: no such file/ },
    { args: ['--to', '/proc/p.parquet'], message: /^\/proc\/p\.parquet: cannot be written: E\w+: / },
    { args: ['--to', `${'x'.repeat(300)}.csv`], message: /cannot be written: ENAMETOOLONG: / },
    { args: ['--to', 'p.arrow', '--units'], message: /^--units: the file itself tells the units, got "p\.arrow"/ },
    { args: ['--to', 'p/', '--where', '0'], message: /^p: there is no point to export$/ },
    {
      args: ['--to', 'p.csv', '--where', 'tim_ms < 5'],
      message: /^--where: no such column: tim_ms at character 1, .*'time_ms'\?\)$/,
    },
    {
      args: ['--to', 'p.csv', '--where', 'points.tim_ms < 5'],
      message: /tim_ms at character 1, .*\(did you mean 'points\.time_ms'\?\)$/,
    },
    {
      args: ['--to', 'p.csv', '--where', 'time_ms < 5 ANDD id > 3'],
      message: /^--where: near "ANDD": syntax error at character 13, /,
    },
    { args: ['--to', 'p.csv', '--where', 'time_ms <'], message: /^--where: incomplete input at character 10, / },
    { args: ['--to', 'p.csv', '--where', 'pass = "forward"'], message: /no such column: "forward" - should this be/ },
    { args: ['--to', 'p.csv', '--where', ''], message: new RegExp(`^--where: .*got "", ${CONDITION}$`) },
    ...[
      ...[
        '1) OR (1',
        '1 LIMIT 5',
        '1 ORDER BY id',
        '1; DELETE FROM evaluated',
        '1;',
        '/*',
        'id = ?',
        'id = ?1',
        'id = @x',
      ],
      ...['count(*) > 1', "json('x')", 'time_ms <', '1 UNION SELECT 1', "load_extension('x')", 'DELETE FROM evaluated'],
    ].map((where) => ({ args: ['--to', 'p.csv', '--where', where], message: new RegExp(`^--where: .*${CONDITION}$`) })),
  ])('says why, in one line: $args', async ({ args, message }) => {
    const out = makeFolder();
    mkdirSync(join(out, 'there.csv'));
    writeFileSync(join(out, 'there.csv/mine'), '');
    const { code, stdout, stderr } = await exported(args, out);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^delta-sweep: [^\n]*\n$/);
    expect(stderr.slice('delta-sweep: '.length, -1)).toMatch(message);
    expect(readdirSync(out)).toEqual(['there.csv']);
  });

  it('names the studies that there are', async () => {
    const { code, stderr } = await deltaSweep(['export', 'nothing', '--to', 'p.csv'], makeFolder());
    expect([code, stderr]).toEqual([1, "delta-sweep: no study 'nothing', expected a study's folder\n"]);
  });

  it('replaces no part of a study', async () => {
    const before = readFileSync(join(tiny, 'points.arrow'));
    const { code, stderr } = await exported(['--to', 'points.arrow', '--force', '--where', '0'], tiny);
    expect([code, stderr]).toEqual([1, 'delta-sweep: points.arrow: is part of a study, expected another name\n']);
    expect(readFileSync(join(tiny, 'points.arrow')).equals(before)).toBe(true);
  });
});

describe.each(['p.csv', 'p.ndjson', 'p.arrow', 'p.parquet', 'p/'])('an export to %s that is cut off', (to) => {
  const whyNot = whyNoSmallDisk();
  (whyNot === undefined ? it : it.skip)('by a full disk says so and leaves nothing', async () => {
    const out = makeFolder();
    await withSmallDisk(out, async (disk) => {
      disk.fill(100_000);
      const { code, stderr } = await deltaSweep(['export', large, '--to', to], out);
      expect([code, stderr]).toEqual([
        2,
        `delta-sweep: ${to.replace('/', '')}: the disk is full: nothing of it is left (ENOSPC)\n`,
      ]);
      expect(readdirSync(out)).toEqual([]);
    });
  });

  it('by a signal leaves nothing', async () => {
    const out = makeFolder();
    // Few rows are met, and each one tried takes its time.
    const slow = "id % 100 = 0 AND length(replace(hex(zeroblob(200000 + id)), '0', 'ab')) > 0";
    const run = startDeltaSweep(['export', large, '--to', to, '--where', slow], out);
    const partial = join(out, `${to.replace('/', '')}.partial`);
    while (!existsSync(partial)) await setTimeout(5);
    run.kill('SIGINT');
    const { code, stderr } = await run.outcome;
    expect([code, stderr]).toEqual([130, 'delta-sweep: interrupted; nothing was exported\n']);
    expect(readdirSync(out)).toEqual([]);
  });
});
