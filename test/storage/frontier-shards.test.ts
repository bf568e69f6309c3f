/** Shards of a frontier search, before they are merged. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '../../src/engine/shards.js';
import type { Study } from '../../src/space/study.js';
import { FrontierFile, type SavedSearch } from '../../src/storage/shards/frontier-file.js';
import { readSearchShards, searchNeighbours } from '../../src/storage/shards/frontier-shards.js';
import { checkNeighbours } from '../../src/storage/shards/shard-folders.js';
import { identify } from '../../src/storage/folder/identity.js';
import { tempFolders } from '../helpers/temp.js';
import { studyOf } from '../space/studies.js';

const makeFolder = tempFolders();
const study = studyOf();
const query = { objectives: study.objectives, over: 'each', limits: [] } as const;

/** Writes a shard that has found nothing, and returns its file. */
function writeShard(folder: string, shard: Shard, of: Study = study): string {
  const file = new FrontierFile(folder, of, query, shard);
  file.write({ rounds: 1, ofRounds: 1, designs: 0, boxes: 0, fronts: [] }, 1);
  file.close();
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.json'))!,
  );
}

describe('a shard of a search', () => {
  it('is read as it was written', () => {
    const folder = makeFolder();
    writeShard(folder, { index: 2, count: 3 });
    expect(readSearchShards(folder)).toMatchObject([{ folder, shard: { index: 2, count: 3 }, query, seconds: 1 }]);
  });

  const changes: [string, (saved: SavedSearch) => unknown][] = [
    ['hash', (saved) => ({ ...saved, hash: `0${saved.hash.slice(1)}0` })], // as another version of the program has it
    ['study', (saved) => ({ ...saved, shard: { ...saved.shard, study: studyOf({ constraints: ['sm_count > 1'] }) } })],
    ['query', (saved) => ({ ...saved, shard: { ...saved.shard, query: { ...query, over: 'worst' } } })],
    ['shard', (saved) => ({ ...saved, shard: { ...saved.shard, shard: { index: 1, count: 3 } } })],
  ];
  it.each(changes)('is refused where its %s is not what was searched', (_, change) => {
    const folder = makeFolder();
    const file = writeShard(folder, { index: 2, count: 3 });
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as SavedSearch)));
    expect(() => readSearchShards(folder)).toThrow(/was changed, or written by another version of the program/);
  });

  it('is refused where its file is not as the schema of searches says', () => {
    const folder = makeFolder();
    const file = writeShard(folder, { index: 2, count: 3 });
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedSearch;
    writeFileSync(file, JSON.stringify({ ...saved, shard: { ...saved.shard, study: {} } }));
    expect(() => readSearchShards(folder)).toThrow(
      /cannot be read \(shard\.study must have required property 'name'\)/,
    );
  });

  it('lies beside no shard of another study or of another count', () => {
    const search = makeFolder();
    const shards = join(search, 'shards');
    const check = (of: Study, shard: Shard) => checkNeighbours(searchNeighbours(search), identify(of), shard);
    check(study, { index: 1, count: 3 });
    writeShard(join(shards, '2-of-3'), { index: 2, count: 3 });
    check(study, { index: 1, count: 3 });
    expect(() => check(study, { index: 1, count: 4 })).toThrow(
      /2-of-3: is one of 3 shards, expected 4, as asked for; remove it/,
    );
    const other = studyOf({ constraints: ['sm_count > 1'] });
    expect(() => check(other, { index: 1, count: 3 })).toThrow(
      /2-of-3: holds a shard of another study \(differs in constraints\)/,
    );
  });
});
