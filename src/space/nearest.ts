import { closest, distance } from 'fastest-levenshtein';

/** Longer names than this are no misspelling of anything. */
const MAX_NAME_LENGTH = 64;

/** The valid name that a misspelt or unfinished one most likely stands for; undefined if none is near. */
export function nearestName(name: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0 || name.length > MAX_NAME_LENGTH) return undefined;
  const lower = name.toLowerCase();
  const best = closest(lower, [...valid]);
  const typos = distance(lower, best);
  if (typos <= Math.ceil(name.length * 0.4) && 2 * typos <= name.length) return best;
  return lower.length > 1 ? valid.find((candidate) => candidate.toLowerCase().startsWith(lower)) : undefined;
}
