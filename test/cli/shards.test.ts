/** Shards by the command: `run --shard`, `status`, `merge`. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deltaSweep, printed, printedJson } from '../helpers/command.js';
import { contentsOf } from '../helpers/sharded.js';
import { TINY, writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let folder: string;
const command = (...args: string[]) => deltaSweep(args, folder);

beforeAll(async () => {
  folder = makeFolder();
  writeSpec(folder, TINY);
  writeSpec(folder, { ...TINY, constraints: ['l2_gbps > dram_gbps'] }, 'other.yaml');
  await printed(['run', 'sweep.yaml', '--out', 'whole'], folder);
}, 60_000);

describe('a study in shards', () => {
  it('is what one run makes of it, once they are merged: files, front and closing text', async () => {
    const shard = (index: number) => command('run', 'sweep.yaml', '--out', 'out', '--shard', `${index}/2`, '--json');
    const [first, second] = await Promise.all([shard(1), shard(2)]);
    for (const { code } of [first, second]) expect(code).toBe(0);
    const points = [first, second].map(({ stdout }) => JSON.parse(stdout) as { folder: string; points: number });
    expect(points.map((result) => result.folder)).toEqual(['out/shards/1-of-2', 'out/shards/2-of-2']);
    expect(points[0]!.points + points[1]!.points).toBe(40);

    const status = await printedJson<object>(['status', 'out', '--json'], folder);
    expect(status).toMatchObject({
      done: 40,
      points: 40,
      resubmit: '',
      shards: [{ state: 'done' }, { state: 'done' }],
    });

    const merged = await command('merge', 'out');
    expect(merged.code).toBe(0);
    expect(merged.stderr).toMatch(/^40 points stored, 0 rejected, in .*: out$/m);
    expect(merged.stdout).toBe((await command('run', 'sweep.yaml', '--out', 'whole')).stdout);
    expect(contentsOf(join(folder, 'out'))).toEqual(contentsOf(join(folder, 'whole')));

    const again = await command('merge', 'out');
    expect(again).toMatchObject({ code: 0, stdout: merged.stdout });
    expect(again.stderr).toContain('out is already merged; nothing to do');
    const shardless = await command('merge', 'whole');
    expect(shardless).toMatchObject({ code: 0, stdout: merged.stdout });
    expect(shardless.stderr).toContain('whole is already merged; nothing to do');
    const rerun = await command('run', 'sweep.yaml', '--out', 'out', '--shard', '2/2');
    expect(rerun.stderr).toContain('out/shards/2-of-2 holds shard 2/2 of this study, finished; nothing to do');
  });

  it('shows what there is of it: its shards can be asked as studies can', async () => {
    const { stdout, stderr } = await command('pareto', 'out/shards/1-of-2', '--json');
    expect(stderr).toContain('note: this is shard 1/2 of the study: the front of its points alone');
    expect(JSON.parse(stdout)).toMatchObject({ study: 'tiny' });
  });

  it('may be merged in part, which is said and marked', async () => {
    await printed(['run', 'sweep.yaml', '--out', 'part', '--shard', '2/2'], folder);
    const { code, stderr } = await command('merge', 'part', '--partial');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^partial: shard 1 of 2 is missing; merge or run completes the study$/m);
    expect(JSON.parse(readFileSync(join(folder, 'part/study.json'), 'utf8'))).toMatchObject({
      merged: { shards: 1, of: 2 },
    });
    expect(await printed(['run', 'sweep.yaml', '--out', 'part'], folder)).toBe(
      await printed(['run', 'sweep.yaml', '--out', 'whole'], folder),
    );
  });

  it('has shards that start anew with --fresh where what is there is damaged or foreign', async () => {
    const shard = (spec: string, index: number, ...args: string[]) =>
      command('run', spec, '--out', 'hurt', '--shard', `${index}/2`, ...args);
    expect((await shard('other.yaml', 1)).code).toBe(0);
    expect((await shard('sweep.yaml', 1, '--fresh')).code).toBe(0);
    const file = join(folder, 'hurt/shards/1-of-2/study.json');
    const whole = readFileSync(file, 'utf8');
    for (const [text, what] of [
      [whole.slice(0, 100), "is not a study's manifest: "],
      [whole.replace('"count": 2', '"count": 0'), "is not a study's manifest: shard.count must be >= 1"],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await shard('sweep.yaml', 2);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`hurt/shards/1-of-2/study.json: ${what}`)]);
      expect(stderr).toMatch(
        /, expected the study.json of a run; remove its folder, or run it with --fresh to start anew\n$/,
      );
    }
    expect((await shard('sweep.yaml', 1, '--fresh')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('"count": 2');
  });

  it('has a frontier in shards too: its search ends with the front of one', async () => {
    const search = (...args: string[]) => command('frontier', 'sweep.yaml', ...args);
    const shards = await Promise.all([1, 2].map((index) => search('--out', 'far/frontier', '--shard', `${index}/2`)));
    for (const { code, stdout } of shards) expect([code, stdout]).toEqual([0, expect.stringMatching(/^shard \d\/2: /)]);
    const one = JSON.parse((await search('--out', 'near', '--json')).stdout) as { front: unknown };
    const merged = await command('merge', 'far', '--json');
    expect(merged.code).toBe(0);
    const { fronts } = JSON.parse(merged.stdout) as { fronts: { front: unknown }[] };
    expect(fronts.map(({ front }) => front)).toEqual([one.front]);
    const again = await search('--out', 'far/frontier', '--json');
    expect(again.stderr).toContain('found before; nothing to do');
    expect((JSON.parse(again.stdout) as { front: unknown }).front).toEqual(one.front);

    const searched = join(folder, 'far/frontier/shards/2-of-2');
    const file = join(searched, readdirSync(searched)[0]!);
    const saved = readFileSync(file, 'utf8');
    for (const [text, message] of [
      [saved.replace(/"ids":\[\d+/, '"ids":[39'), /2-of-2: \w+\.json is damaged/],
      [saved.slice(0, 100), /2-of-2: \w+\.json cannot be read/],
    ] as const) {
      writeFileSync(file, text);
      expect((await command('merge', 'far')).stderr).toMatch(message);
    }
    writeFileSync(file, saved);
    const other = await command('frontier', 'other.yaml', '--out', 'other', '--shard', '2/2');
    expect(other.code).toBe(0);
    const mixed = ['far/frontier/shards/1-of-2', 'other/shards/2-of-2'];
    expect((await command('merge', 'far', ...mixed)).stderr).toMatch(
      /2-of-2: is a shard of another study than far\S+1-of-2 \(differs in constraints\)/,
    );
    expect((await command('frontier', 'other.yaml', '--out', 'far/frontier', '--shard', '1/2')).stderr).toMatch(
      /1-of-2: holds a shard of another study \(differs in constraints\)/,
    );
    rmSync(searched, { recursive: true });
    expect((await command('merge', 'far')).stderr).toMatch(
      /frontier\/shards: shard 2 of 2 of 'minimize \w+, [^']+' missing, expected all 2\n$/,
    );
  });

  it('has the shards of its frontier merged where frontier looks for them, or is told that they are left', async () => {
    await printed(['frontier', 'sweep.yaml', '--out', 'here', '--shard', '1/1'], folder);
    writeFileSync(join(folder, 'here/shards/.DS_Store'), '');
    for (const named of [[], ['here/shards/1-of-1']]) {
      expect((await command('merge', 'here', ...named)).code).toBe(0);
      const files = readdirSync(join(folder, 'here')).filter((name) => name.endsWith('.json'));
      expect(files).toHaveLength(1);
      files.forEach((name) => rmSync(join(folder, 'here', name)));
    }
    expect((await command('merge', 'here', '--partial')).stderr).toMatch(
      /^delta-sweep: --partial, expected shards of a/,
    );

    await printed(['run', 'sweep.yaml', '--out', 'both', '--shard', '1/1'], folder);
    await printed(['frontier', 'sweep.yaml', '--out', 'both/frontier', '--shard', '1/1'], folder);
    expect((await command('merge', 'both')).stderr).toMatch(
      /^both\/frontier has shards of a frontier search: merge both\/frontier merges them$/m,
    );
    expect((await command('merge', 'both/frontier')).code).toBe(0);
  });

  it.each([
    ['run', ['run', 'sweep.yaml', '--out']],
    ['merge', ['merge']],
  ])('is completed by %s once a trigger that refuses its rows is dropped', async (name, args) => {
    const study = `refused-by-${name}`;
    for (const index of [1, 2]) await printed(['run', 'sweep.yaml', '--out', study, '--shard', `${index}/2`], folder);
    await printed(['merge', study, `${study}/shards/2-of-2`, '--partial'], folder);
    const change = (sql: string) => {
      const db = new Database(join(folder, study, 'study.db'));
      db.exec(sql);
      db.close();
    };
    change("CREATE TRIGGER never BEFORE INSERT ON evaluated BEGIN SELECT RAISE(ABORT, 'not now'); END");
    const refused = await command(...args, study);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr.replace(/^resuming: .*\n/, '')).toBe(
      `delta-sweep: ${study}/study.db: not now: an index, trigger or column that was added refuses rows; drop it and run again\n`,
    );
    change('DROP TRIGGER never');
    expect((await command(...args, study)).code).toBe(0);
    expect(contentsOf(join(folder, study))).toEqual(contentsOf(join(folder, 'whole')));
  });

  it.each([
    [
      ['run', 'sweep.yaml', '--shard', '0/4'],
      /^delta-sweep: --shard, got "0\/4", expected I\/N, from 1\/N to N\/N: 3\/16 is the third of 16\n$/,
    ],
    [['run', 'sweep.yaml', '--shard', '5/4'], /^delta-sweep: --shard, got "5\/4"/],
    [['run', 'sweep.yaml', '--shard', 'one'], /^delta-sweep: --shard, got "one"/],
    [
      ['run', 'other.yaml', '--out', 'out', '--shard', '1/2'],
      /^delta-sweep: out: holds another study \(differs in constraints\), expected this study/,
    ],
    [
      ['run', 'sweep.yaml', '--out', 'out', '--shard', '1/3'],
      /^delta-sweep: out\/shards\/1-of-2: is one of 2 shards, expected 3, as asked for/,
    ],
    [
      ['merge', 'nowhere'],
      /^delta-sweep: results\/nowhere\/shards: no shards to merge, expected folders of run --shard\n$/,
    ],
    [
      ['merge', 'whole', 'sweep.yaml'],
      /^delta-sweep: sweep\.yaml: holds no shard, expected a folder of run --shard\n$/,
    ],
    [
      ['merge', 'out', 'out/shards/1-of-2', 'whole'],
      /^delta-sweep: whole: holds a whole study, expected a shard of one\n$/,
    ],
    [['status', 'nothing'], /^delta-sweep: no study 'nothing'/],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stdout, stderr } = await command(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
