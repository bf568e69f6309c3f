import { DeltaSweepError, type FieldPath, type Problem } from '../../errors.js';

/** Loads what a field of a document names; an error names that field. */
export function loadAt<T>(path: FieldPath, load: () => T, problems: Problem[]): T | undefined {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof DeltaSweepError) || error.code !== 'input') throw error;
    for (const problem of error.problems) problems.push(problem.file ? problem : { ...problem, path });
    return undefined;
  }
}
