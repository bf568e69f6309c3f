import { closest, distance } from 'fastest-levenshtein';

/** The valid name that a misspelt one most likely stands for; undefined if none is near. */
export function nearestName(name: string, valid: readonly string[]): string | undefined {
  if (valid.length === 0) return undefined;
  const best = closest(name.toLowerCase(), [...valid]);
  return distance(name.toLowerCase(), best) <= Math.max(2, Math.ceil(name.length * 0.4)) ? best : undefined;
}
