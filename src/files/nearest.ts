import { closest, distance } from 'fastest-levenshtein';

/** Shorter beginnings stand for too many names. */
const SHORTEST_BEGINNING = 3;

/** The valid name that a misspelt or unfinished one most likely stands for; undefined if none is near. */
export function nearestName(name: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const wanted = name.toLowerCase();
  const best = closest(wanted, [...valid]);
  if (distance(wanted, best) <= Math.max(2, Math.ceil(name.length * 0.4))) return best;
  return wanted.length >= SHORTEST_BEGINNING ? valid.find((candidate) => candidate.startsWith(wanted)) : undefined;
}
