/** The shards of a study: folders within its own, `shards/3-of-16`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Shard } from '../engine/shards.js';
import { inputError } from '../errors.js';
import { differences, hashOf, type Identified } from './identity.js';
import { readManifest } from './manifest.js';
import { studyFiles } from './study-files.js';

/** Where a shard of a study lies. */
export function shardFolder(study: string, { index, count }: Shard): string {
  return join(studyFiles(study).shards, `${index}-of-${count}`);
}

/** The shards that have begun in a study's folder, by index. */
export const shardFolders = (study: string): string[] =>
  foldersOfShards(study, (folder) => existsSync(studyFiles(folder).manifest));

/** The folders of shards, by index, in the folder of a study or of a search: those in which something has begun. */
export function foldersOfShards(whole: string, hasBegun: (folder: string) => boolean): string[] {
  const { shards } = studyFiles(whole);
  if (!existsSync(shards)) return [];
  return readdirSync(shards)
    .map((name) => ({ folder: join(shards, name), index: Number(/^(\d+)-of-\d+$/.exec(name)?.[1]) }))
    .filter(({ folder, index }) => index > 0 && hasBegun(folder))
    .sort((a, b) => a.index - b.index)
    .map(({ folder }) => folder);
}

/**
 * Throws an input error where a shard would meet another study in its study's folder, or shards of another number. One of
 * them tells: each was held against one before it. What is in the shard's own folder is not asked where it begins anew.
 */
export function checkCompany(study: string, wanted: Identified, shard: Shard, fresh: boolean): void {
  const { count } = shard;
  const others = [study, ...shardFolders(study)].filter(
    (folder) => existsSync(studyFiles(folder).manifest) && !(fresh && folder === shardFolder(study, shard)),
  );
  for (const folder of others.slice(0, 2)) {
    const found = readManifest(folder);
    if (found.hash !== hashOf(wanted))
      throw inputError({
        what: `holds ${found.shard ? 'a shard of ' : ''}another study (differs in ${differences(found, wanted).join(', ') || 'the version of the program'})`,
        file: folder,
        expected: 'this study, or another --out or name',
      });
    if (found.shard && found.shard.count !== count)
      throw inputError({
        what: `is one of ${found.shard.count} shards`,
        file: folder,
        expected: `${count}, as asked for; remove it, or use another --out or name`,
      });
  }
}
