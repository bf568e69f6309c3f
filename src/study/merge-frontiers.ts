/** Merges the shards of a frontier search: the front of the whole grid, as `searchFrontier` finds it. */
import { dirname, join, resolve } from 'node:path';
import { joinFrontiers } from '../engine/find-frontier.js';
import { inputErrors, type Problem } from '../errors.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { FrontierFile, searchFiles } from '../storage/shards/frontier-file.js';
import { readSearchShards, searchShardFolders, type SearchedShard } from '../storage/shards/frontier-shards.js';
import { foreignShards, isStudyFolder, misfits, missingProblem } from '../storage/shards/shard-folders.js';
import type { StudyOptions } from './options.js';
import { frontWithRows, type FoundFront } from './search-frontier.js';

/** A search whose shards are to be merged: the folder that `frontier` keeps it in, and theirs. */
export interface ShardedSearch {
  folder: string;
  shards: string[];
}

/**
 * The searches of a study that was searched in shards: by default in `frontier/`; where `--out` named the folder, in the folder
 * itself. Folders that are named are those of one search, unless one of them is no shard of a search.
 */
export function shardedSearches(study: string, named: readonly string[] = []): ShardedSearch[] {
  const usual = join(study, 'frontier');
  const homes = [usual, study];
  if (named.length === 0)
    return homes
      .map((folder) => ({ folder, shards: searchShardFolders(folder) }))
      .filter(({ shards }) => shards.length > 0);
  if (!named.every(isSearchShard)) return [];
  const holds = (folder: string) =>
    named.every((shard) => dirname(resolve(shard)) === resolve(studyFiles(folder).shards));
  return [{ folder: homes.find(holds) ?? usual, shards: [...named] }];
}

/** Whether a folder is one of a shard of a search, and not of a study. */
const isSearchShard = (folder: string) => !isStudyFolder(folder) && searchFiles(folder).length > 0;

/** Merges the shards of a search, one front for every query; a search in the folder then knows them. */
export async function mergeFrontiers(
  { folder, shards: folders }: ShardedSearch,
  options: StudyOptions = {},
): Promise<FoundFront[]> {
  const all = folders.flatMap(readSearchShards);
  const queries = [...new Set(all.map(({ asked }) => asked))];
  const searches = queries.map((query) => all.filter(({ asked }) => asked === query));
  const problems = [...foreignShards(all), ...searches.flatMap((shards) => problemsOf(shards, folder))];
  if (problems.length > 0) throw inputErrors(problems);
  const fronts: FoundFront[] = [];
  for (const shards of searches) fronts.push(await mergeSearch(folder, shards, options));
  return fronts;
}

async function mergeSearch(
  folder: string,
  shards: readonly SearchedShard[],
  options: StudyOptions,
): Promise<FoundFront> {
  const { study, query } = shards[0]!;
  const found = joinFrontiers(
    study,
    query,
    shards.map(({ state }) => state),
  );
  const seconds = shards.reduce((sum, shard) => sum + shard.seconds, 0);
  const file = new FrontierFile(folder, study, query);
  try {
    file.write(found.state, seconds);
  } finally {
    file.close();
  }
  return frontWithRows(study, query, found, seconds, options);
}

/** Shards of one search that do not fit the first one, and those that are missing. */
function problemsOf(shards: readonly SearchedShard[], frontier: string): Problem[] {
  const { asked, shard } = shards[0]!;
  const of = ` of '${asked}'`;
  const known = new Set(shards.map(({ shard: { index } }) => index));
  const missing = Array.from({ length: shard.count }, (_, i) => i + 1).filter((index) => !known.has(index));
  return [
    ...misfits(shards, of),
    ...(missing.length > 0
      ? [{ ...missingProblem(frontier, missing, shard.count, of), expected: `all ${shard.count}` }]
      : []),
  ];
}
