/** Shares of a search, before they are put together. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '../../src/engine/shards.js';
import type { Study } from '../../src/space/study.js';
import { FrontierFile, type SavedSearch } from '../../src/store/frontier-file.js';
import { checkShareCompany, readShares } from '../../src/store/frontier-shares.js';
import { tempFolders } from '../helpers/temp.js';
import { studyOf } from '../space/studies.js';

const makeFolder = tempFolders();
const study = studyOf();
const query = { objectives: study.objectives, over: 'each', limits: [] } as const;

/** Writes a share that has found nothing, and returns its file. */
function writeShare(folder: string, shard: Shard, of: Study = study): string {
  const file = new FrontierFile(folder, of, query, shard);
  file.write({ rounds: 1, ofRounds: 1, designs: 0, boxes: 0, fronts: [] }, 1);
  file.close();
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.json'))!,
  );
}

describe('a share of a search', () => {
  it('is read as it was written', () => {
    const folder = makeFolder();
    writeShare(folder, { index: 2, count: 3 });
    expect(readShares(folder)).toMatchObject([{ folder, shard: { index: 2, count: 3 }, query, seconds: 1 }]);
  });

  const changes: [string, (saved: SavedSearch) => unknown][] = [
    ['hash', (saved) => ({ ...saved, hash: `0${saved.hash.slice(1)}0` })], // as another version of the program has it
    ['study', (saved) => ({ ...saved, share: { ...saved.share, study: studyOf({ constraints: ['sm_count > 1'] }) } })],
    ['no study', (saved) => ({ ...saved, share: { ...saved.share, study: {} } })],
    ['question', (saved) => ({ ...saved, share: { ...saved.share, query: { ...query, over: 'worst' } } })],
    ['shard', (saved) => ({ ...saved, share: { ...saved.share, shard: { index: 1, count: 3 } } })],
  ];
  it.each(changes)('is refused where its %s is not what was searched', (_, change) => {
    const folder = makeFolder();
    const file = writeShare(folder, { index: 2, count: 3 });
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as SavedSearch)));
    expect(() => readShares(folder)).toThrow(/was changed, or written by another version of the program/);
  });

  it('meets no shares of another study or of another number', () => {
    const search = makeFolder();
    const shards = join(search, 'shards');
    checkShareCompany(search, study, { index: 1, count: 3 });
    writeShare(join(shards, '2-of-3'), { index: 2, count: 3 });
    checkShareCompany(search, study, { index: 1, count: 3 });
    expect(() => checkShareCompany(search, study, { index: 1, count: 4 })).toThrow(
      /2-of-3: is one of 3 shares, expected 4, as asked for; remove it/,
    );
    const other = studyOf({ constraints: ['sm_count > 1'] });
    expect(() => checkShareCompany(search, other, { index: 1, count: 3 })).toThrow(
      /2-of-3: holds a share of another study \(differs in constraints\)/,
    );
  });
});
