/** `merge` of the shares of a search: the front of the whole grid, as `frontier` finds it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { joinFrontiers } from '../engine/find-frontier.js';
import { showIndices, showShard } from '../engine/shards.js';
import { inputErrors, type Problem } from '../errors.js';
import { describeFrontier } from '../report/frontier.js';
import { gridOf } from '../space/study.js';
import { FrontierFile, searchFiles } from '../store/frontier-file.js';
import { readShares, shareFolders, type SearchedShare } from '../store/frontier-shares.js';
import { differences, identify } from '../store/identity.js';
import { studyFiles } from '../store/study-files.js';
import { frontWithRows, type FoundFront } from './find-front.js';
import { note } from './output.js';

/** A search whose shares are to be put together: the folder that `frontier` keeps it in, and theirs. */
export interface SharedSearch {
  folder: string;
  shares: string[];
}

/**
 * The searches of a study that has been searched in shares: by default it is in `frontier/`; where `--out` named the folder, in
 * the folder itself. Folders that are named are those of one search, unless one of them is no share.
 */
export function sharedSearches(study: string, named: readonly string[]): SharedSearch[] {
  const usual = join(study, 'frontier');
  const homes = [usual, study];
  if (named.length === 0)
    return homes.map((folder) => ({ folder, shares: shareFolders(folder) })).filter(({ shares }) => shares.length > 0);
  if (!named.every(isShareFolder)) return [];
  const holds = (folder: string) =>
    named.every((share) => dirname(resolve(share)) === resolve(studyFiles(folder).shards));
  return [{ folder: homes.find(holds) ?? usual, shares: [...named] }];
}

/** Whether a folder is one of a share of a search, and not of a shard of a study. */
const isShareFolder = (folder: string) => !existsSync(studyFiles(folder).manifest) && searchFiles(folder).length > 0;

/** Puts shares together, one front for every question that was asked; `frontier` then knows them. */
export function mergeFrontiers({ folder: frontier, shares: folders }: SharedSearch): FoundFront[] {
  const all = folders.flatMap(readShares);
  const questions = [...new Set(all.map(({ asked }) => asked))];
  const searches = questions.map((question) => all.filter(({ asked }) => asked === question));
  const problems = [...othersOf(all), ...searches.flatMap((shares) => problemsOf(shares, frontier))];
  if (problems.length > 0) throw inputErrors(problems);
  return searches.map((shares) => {
    const { study, query } = shares[0]!;
    const found = joinFrontiers(
      study,
      query,
      shares.map(({ state }) => state),
    );
    const seconds = shares.reduce((sum, share) => sum + share.seconds, 0);
    const file = new FrontierFile(frontier, study, query);
    try {
      file.write(found.state, seconds);
    } finally {
      file.close();
    }
    note(describeFrontier(gridOf(study).size, found.state, seconds));
    return frontWithRows(study, query, found, seconds);
  });
}

/** Shares of other studies than the first. */
function othersOf(shares: readonly SearchedShare[]): Problem[] {
  const first = shares[0]!;
  return shares
    .map(({ folder, study }) => ({ folder, parts: differences(identify(first.study), identify(study)) }))
    .filter(({ parts }) => parts.length > 0)
    .map(({ folder, parts }) => ({
      file: folder,
      what: `is of another study than ${first.folder} (differs in ${parts.join(', ')})`,
    }));
}

/** Shares that are missing, there twice, or of another number. */
function problemsOf(shares: readonly SearchedShare[], frontier: string): Problem[] {
  const { asked, shard } = shares[0]!;
  const { count } = shard;
  const problems: Problem[] = [];
  const known = new Map<number, SearchedShare>();
  for (const share of shares) {
    const { folder, shard } = share;
    const other = known.get(shard.index);
    if (shard.count !== count)
      problems.push({
        file: folder,
        what: `is share ${showShard(shard)} of '${asked}', but ${shares[0]!.folder} is one of ${count}`,
      });
    else if (other)
      problems.push({ file: folder, what: `is share ${showShard(shard)} of '${asked}', as ${other.folder} is` });
    else known.set(shard.index, share);
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !known.has(index));
  if (missing.length > 0)
    problems.push({
      file: studyFiles(frontier).shards,
      what: `${missing.length === 1 ? 'share' : 'shares'} ${showIndices(missing)} of ${count} of '${asked}' missing`,
      expected: `all ${count}`,
    });
  return problems;
}
