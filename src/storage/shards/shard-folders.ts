/** Shards of a study, or of a frontier search: folders within its own, `shards/3-of-16`, all of one study and one count. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { showIndices, showShard, type Shard } from '../../engine/shards.js';
import { inputError, type Problem } from '../../errors.js';
import { differences, hashOf, type Identified } from '../folder/identity.js';
import { readManifest } from '../folder/manifest.js';
import { studyFiles } from '../folder/study-files.js';

/** The folder of a shard of a study or search. */
export function shardFolder(whole: string, { index, count }: Shard): string {
  return join(studyFiles(whole).shards, `${index}-of-${count}`);
}

/** The folders of the shards in a study's or search's folder, by index: those in which something has begun. */
export function shardFolders(whole: string, hasBegun: (folder: string) => boolean = isStudyFolder): string[] {
  const { shards } = studyFiles(whole);
  if (!existsSync(shards)) return [];
  return readdirSync(shards)
    .map((name) => ({ folder: join(shards, name), index: Number(/^(\d+)-of-\d+$/.exec(name)?.[1]) }))
    .filter(({ folder, index }) => index > 0 && hasBegun(folder))
    .sort((a, b) => a.index - b.index)
    .map(({ folder }) => folder);
}

export const isStudyFolder = (folder: string) => existsSync(studyFiles(folder).manifest);

/** A shard as its folder names it: of which study, and which of how many. */
export interface NamedShard {
  folder: string;
  identified: Identified;
  /** Absent where the folder holds the whole study. */
  shard?: Shard | undefined;
}

/** What two studies differ in, in words. */
const differencesOf = (a: Identified, b: Identified) =>
  `differs in ${differences(a, b).join(', ') || 'the version of the program'}`;

/**
 * Throws an input error where a shard would lie beside shards of another study, or of another count.
 *
 * @param neighbours those that exist; one of them is enough, as each was checked against one before it
 */
export function checkNeighbours(neighbours: readonly NamedShard[], wanted: Identified, { count }: Shard): void {
  for (const { folder, identified, shard } of neighbours.slice(0, 2)) {
    if (hashOf(identified) !== hashOf(wanted))
      throw inputError({
        what: `holds ${shard ? 'a shard of ' : ''}another study (${differencesOf(identified, wanted)})`,
        file: folder,
        expected: 'this study, or another --out or name',
      });
    if (shard && shard.count !== count)
      throw inputError({
        what: `is one of ${shard.count} shards`,
        file: folder,
        expected: `${count}, as asked for; remove it, or use another --out or name`,
      });
  }
}

/** What lies in a study's folder beside a shard that is to be run: the study itself, and other shards. */
export function neighboursOf(study: string, shard: Shard, fresh: boolean): NamedShard[] {
  return [study, ...shardFolders(study)]
    .filter((folder) => isStudyFolder(folder) && !(fresh && folder === shardFolder(study, shard)))
    .slice(0, 2)
    .map((folder) => {
      const manifest = readManifest(folder);
      return { folder, identified: manifest, shard: manifest.shard };
    });
}

/** Shards of another study than the first one. */
export function foreignShards(shards: readonly NamedShard[]): Problem[] {
  const first = shards[0]!;
  return shards
    .filter(({ identified }) => hashOf(identified) !== hashOf(first.identified))
    .map(({ folder, identified }) => ({
      file: folder,
      what: `is a shard of another study than ${first.folder} (${differencesOf(identified, first.identified)})`,
    }));
}

/** Shards of the first one's study that are one of another count, or given twice. */
export function misfits(shards: readonly (NamedShard & { shard: Shard })[], of = ''): Problem[] {
  const first = shards[0]!;
  const byIndex = new Map<number, NamedShard>();
  return shards.flatMap(({ folder, identified, shard }) => {
    if (hashOf(identified) !== hashOf(first.identified)) return [];
    const name = `shard ${showShard(shard)}${of}`;
    if (shard.count !== first.shard.count)
      return [{ file: folder, what: `is ${name}, but ${first.folder} is shard ${showShard(first.shard)}` }];
    const other = byIndex.get(shard.index);
    if (other) return [{ file: folder, what: `is ${name}, as ${other.folder} is` }];
    byIndex.set(shard.index, { folder, identified });
    return [];
  });
}

/** The problem that names missing shards. */
export function missingProblem(whole: string, missing: readonly number[], count: number, of = ''): Problem {
  const noun = missing.length === 1 ? 'shard' : 'shards';
  return { file: studyFiles(whole).shards, what: `${noun} ${showIndices(missing)} of ${count}${of} missing` };
}
