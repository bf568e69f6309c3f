/** State files that are truncated, no JSON, or wrong in one field: reported in one line, or ignored where they only inform. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { findFrontier } from '../../src/engine/find-frontier.js';
import { lockFolder } from '../../src/storage/folder/lock.js';
import { isAtWork } from '../../src/storage/folder/lock-owner.js';
import { readManifest } from '../../src/storage/folder/manifest.js';
import { readStatus } from '../../src/storage/folder/read-status.js';
import { readProgress } from '../../src/storage/folder/run-progress.js';
import { checkStudy } from '../../src/storage/run/check-study.js';
import { StudyRun } from '../../src/storage/run/study-run.js';
import { FrontierFile } from '../../src/storage/shards/frontier-file.js';
import { readSearchShards, searchNeighbours } from '../../src/storage/shards/frontier-shards.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { storeInline } from '../helpers/sharded.js';
import { storeStudy } from '../helpers/stored.js';
import { tempFolders } from '../helpers/temp.js';
import { messageOf } from '../space/studies.js';

const makeFolder = tempFolders();
const study = studyOf(TINY);

type Path = readonly (string | number)[];

/** The text of a JSON file with a field replaced; undefined takes it away. */
function changed(text: string, path: Path, value: unknown): string {
  const document = JSON.parse(text) as Record<string | number, unknown>;
  let holder = document;
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  const last = path.at(-1)!;
  expect([path, last in holder]).toEqual([path, true]);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return JSON.stringify(document);
}

/** What JSON files suffer in whole: not a field's fault. */
const BROKEN: [string, (text: string) => string, RegExp][] = [
  ['empty', () => '', /: Unexpected end of JSON input/],
  ['truncated', (text) => text.slice(0, text.length >> 1), /: (Unexpected end|Unterminated|Expected|Bad) /],
  ['no JSON', () => 'hello', /: Unexpected token/],
  ['binary', () => '\0\u0001\u0002', /: Unexpected token/],
  ['null', () => 'null', /: the document must be object/],
  ['a list', () => '[]', /: the document must be object/],
  ['another object', () => '{}', /: the document must have required property '\w+'/],
];

let finished: string;
beforeAll(async () => {
  finished = makeFolder();
  await storeStudy(finished, study, { chunkPoints: 10 });
});

describe('study.json', () => {
  const FIELDS: [Path, unknown, string][] = [
    [['name'], undefined, "the document must have required property 'name'"],
    [['name'], 7, 'name must be string'],
    [['hash'], null, 'hash must be string'],
    [['tool_version'], 1, 'tool_version must be string'],
    [['model_version'], '1', 'model_version must be integer'],
    [['columns'], 'id', 'columns must be array'],
    [['columns', 2], 5, 'columns.2 must be string'],
    [['host'], {}, 'host must be string'],
    [['chunk_points'], 0, 'chunk_points must be >= 1'],
    [['chunk_points'], 1.5, 'chunk_points must be integer'],
    [['started'], 1, 'started must be string'],
    [['finished'], undefined, "the document must have required property 'finished'"],
    [['finished'], true, 'finished must be string,null'],
    [['study'], [], 'study must be object'],
    [['study', 'baseline', 'sm_count'], '30', 'study.baseline.sm_count must be number'],
    [['study', 'workloads'], [], 'study.workloads must NOT have fewer than 1 items'],
    [['study', 'workloads', 0, 'batch'], -1, 'study.workloads.0.batch must be >= 0'],
    [
      ['study', 'workloads', 0, 'pass'],
      'sideways',
      'study.workloads.0.pass must be equal to one of the allowed values',
    ],
    [
      ['study', 'workloads', 0, 'network', 'layers', 1, 'groups'],
      undefined,
      "study.workloads.0.network.layers.1 must have required property 'groups'",
    ],
    [['study', 'dimensions', 0, 0, 'values'], [], 'study.dimensions.0.0.values must NOT have fewer than 1 items'],
    [
      ['study', 'dimensions', 1, 0, 'id'],
      'l9_gbps',
      'study.dimensions.1.0.id must be equal to one of the allowed values',
    ],
    [['study', 'constraints'], {}, 'study.constraints must be array'],
    [
      ['study', 'objectives', 0, 'goal'],
      'maximise',
      'study.objectives.0.goal must be equal to one of the allowed values',
    ],
    [['study', 'store'], 'none', 'study.store must be equal to one of the allowed values'],
    [['study', 'costs'], 1, 'study.costs must be object'],
  ];

  const folderWith = (text: string) => {
    const folder = makeFolder();
    cpSync(finished, folder, { recursive: true });
    writeFileSync(join(folder, 'study.json'), text);
    return folder;
  };
  const sound = () => readFileSync(join(finished, 'study.json'), 'utf8');

  /** Every way to the manifest gives the one line, and leaves the folder as it was. */
  function expectRefused(text: string, problem: RegExp | string): void {
    const folder = folderWith(text);
    const file = join(folder, 'study.json');
    const names = readdirSync(folder).sort();
    const ways = [
      () => readManifest(folder),
      () => readStatus(folder),
      () => new StudyRun(folder, study, { toolVersion: 'test' }).stop(),
      () => [...checkStudy(folder, () => undefined)],
    ];
    for (const way of ways) {
      const message = messageOf(way);
      expect(message).not.toContain('\n');
      expect(message.startsWith(`${file}: `)).toBe(true);
      if (typeof problem === 'string') expect(message).toContain(problem);
      else expect(message).toMatch(problem);
    }
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(readFileSync(file, 'utf8')).toBe(text);
  }

  it.each(BROKEN)('that is %s gives one line that names the file', (_, spoil, problem) =>
    expectRefused(spoil(sound()), problem),
  );

  it('with the name of a model that is not built in gives one line that names it', () =>
    expectRefused(
      changed(sound(), ['study', 'model'], 'delta-1066'),
      'a model that this version does not have, got "delta-1066", expected delta, delta-2019',
    ));

  it.each(FIELDS)('with %j of %j gives one line that names file and field', (path, value, problem) =>
    expectRefused(
      changed(sound(), path, value),
      `is not a study's manifest: ${problem}, expected the study.json of a run; remove its folder, or run it with --fresh to start anew`,
    ),
  );

  it.each<[string, unknown]>([
    ['an older format, which had no number', undefined],
    ['a later format', 3],
  ])('of %s gives the line about another format', (_, format) =>
    expectRefused(
      changed(sound(), ['format'], format),
      'was written by version test of delta-sweep, which stored studies in another format, expected a study of this version, or --fresh to start anew',
    ),
  );

  it('of another format is replaced by a run with --fresh', async () => {
    const folder = folderWith(changed(sound(), ['format'], undefined));
    await expect(storeStudy(folder, study, { fresh: true })).resolves.toBe(true);
    expect(readManifest(folder).finished).not.toBeNull();
  });
});

describe('study.progress', () => {
  const FIELDS: [Path, unknown][] = [
    [['host'], 1],
    [['pid'], 'x'],
    [['since'], null],
    [['written'], undefined],
    [['resumed_at'], -1],
    [['done'], '40'],
    [['failed_chunks'], 0.5],
  ];
  let stopped: string;
  beforeAll(async () => {
    stopped = makeFolder();
    await storeInline(stopped, study, { chunkPoints: 10, most: 2 });
  });

  const folderWith = (spoil: (text: string) => string) => {
    const folder = makeFolder();
    cpSync(stopped, folder, { recursive: true });
    writeFileSync(join(folder, 'study.progress'), spoil(readFileSync(join(stopped, 'study.progress'), 'utf8')));
    return folder;
  };

  it('that is sound says what is done', () => {
    expect(readProgress(stopped)).toMatchObject({ done: 20, host: hostname(), failed_chunks: 0 });
    expect(readStatus(stopped).done).toBe(20);
  });

  it.each([
    ...BROKEN.map(([name, spoil]): [string, typeof spoil] => [name, spoil]),
    ...FIELDS.map(([path, value]): [string, (text: string) => string] => [
      `wrong in ${path.join('.')}`,
      (text) => changed(text, path, value),
    ]),
  ])('that is %s is ignored: the status knows no progress, and the run resumes', async (_, spoil) => {
    const folder = folderWith(spoil);
    expect(readProgress(folder)).toBeUndefined();
    expect(readStatus(folder)).toMatchObject({ done: 0, whole: { state: 'stopped' } });
    await expect(storeInline(folder, study)).resolves.toBe(true);
    expect(readStatus(folder)).toMatchObject({ done: 40, whole: { state: 'done' } });
  });
});

describe('study.owner', () => {
  const OWNER = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
  const FIELDS: [Path, unknown][] = [
    [['pid'], undefined],
    [['pid'], -1],
    [['pid'], '1'],
    [['host'], null],
    [['since'], 1],
  ];

  it('that is sound says that a run is at work', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'study.owner'), OWNER);
    expect(isAtWork(folder)).toBe(true);
  });

  it.each([
    ...BROKEN.map(([name, spoil]): [string, typeof spoil] => [name, spoil]),
    ...FIELDS.map(([path, value]): [string, (text: string) => string] => [
      `wrong in ${path.join('.')} (${JSON.stringify(value)})`,
      (text) => changed(text, path, value),
    ]),
  ])('that is %s is ignored: nobody is at work, and a lock is refused without a name', (_, spoil) => {
    const folder = makeFolder();
    const file = join(folder, 'study.owner');
    writeFileSync(file, spoil(OWNER));
    expect(isAtWork(folder)).toBe(false);
    const unlock = lockFolder(folder);
    try {
      writeFileSync(file, spoil(OWNER));
      expect(messageOf(() => lockFolder(folder))).toBe(
        `${folder}: another run is at work on this study, expected one run at a time`,
      );
    } finally {
      unlock();
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the file of a search', () => {
  const query = { objectives: study.objectives, over: 'each', limits: [] } as const;
  const shard = { index: 1, count: 2 };
  const FIELDS: [Path, unknown, string][] = [
    [['hash'], 1, 'hash must be string'],
    [['name'], undefined, "the document must have required property 'name'"],
    [['asked'], null, 'asked must be string'],
    [['seconds'], '1', 'seconds must be number'],
    [['state'], [], 'state must be object'],
    [['state', 'rounds'], -1, 'state.rounds must be >= 0'],
    [['state', 'ofRounds'], undefined, "state must have required property 'ofRounds'"],
    [['state', 'designs'], 0.5, 'state.designs must be integer'],
    [['state', 'boxes'], 'x', 'state.boxes must be integer'],
    [['state', 'fronts'], {}, 'state.fronts must be array'],
    [['state', 'fronts', 0, 'ids'], [0.5], 'state.fronts.0.ids.0 must be integer'],
    [['state', 'fronts', 0, 'logTimes'], null, 'state.fronts.0.logTimes must be array'],
    [['state', 'fronts', 0, 'areas'], ['1'], 'state.fronts.0.areas.0 must be number'],
    [['state', 'fronts', 0, 'shared'], [1], 'state.fronts.0.shared.0 must be array'],
    [['shard', 'shard', 'index'], 0, 'shard.shard.index must be >= 1'],
    [['shard', 'sha256'], 7, 'shard.sha256 must be string'],
    [['shard', 'query', 'over'], 'none', 'shard.query.over must be equal to one of the allowed values'],
    [['shard', 'study', 'dimensions', 0], [], 'shard.study.dimensions.0 must NOT have fewer than 1 items'],
  ];
  let whole: string;
  let name: string;
  let text: string;
  beforeAll(async () => {
    whole = makeFolder();
    const folder = join(whole, 'shards/1-of-2');
    mkdirSync(folder, { recursive: true });
    const file = new FrontierFile(folder, study, query, shard);
    const { state } = await findFrontier(study, query, { workers: 1, shard });
    file.write(state, 1);
    file.close();
    [name] = readdirSync(folder) as [string];
    text = readFileSync(join(folder, name), 'utf8');
  });

  const folderWith = (content: string) => {
    const at = makeFolder();
    const folder = join(at, 'shards/1-of-2');
    cpSync(join(whole, 'shards/1-of-2'), folder, { recursive: true });
    writeFileSync(join(folder, name), content);
    return { at, folder };
  };

  function expectRefused(content: string, problem: RegExp | string): void {
    const { at, folder } = folderWith(content);
    const message = messageOf(() => readSearchShards(folder));
    expect(message).not.toContain('\n');
    expect(message.startsWith(`${folder}: ${name} cannot be read (`)).toBe(true);
    if (typeof problem === 'string')
      expect(message).toContain(`(${problem}), expected a shard of a search that has ended`);
    else expect(message).toMatch(problem);
    expect(searchNeighbours(at)).toEqual([]);
    const file = new FrontierFile(folder, study, query, shard);
    expect(file.read()).toBeUndefined(); // the search begins anew
    file.close();
  }

  it('that is sound is read', () => {
    const { at, folder } = folderWith(text);
    expect(readSearchShards(folder)).toMatchObject([{ shard, asked: expect.any(String), seconds: 1 }]);
    expect(searchNeighbours(at)).toMatchObject([{ folder, shard }]);
    const file = new FrontierFile(folder, study, query, shard);
    expect(file.read()).toMatchObject({ seconds: 1 });
    file.close();
  });

  it.each(BROKEN)('that is %s gives one line that names it where shards are merged', (_, spoil, problem) =>
    expectRefused(spoil(text), new RegExp(problem.source.replace(/^: /, '\\('))),
  );

  it.each(FIELDS)('with %j of %j gives one line that names file and field', (path, value, problem) =>
    expectRefused(changed(text, path, value), problem),
  );
});
