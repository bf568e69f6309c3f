import { inputError } from '../../errors.js';
import { openQuery, type QueryOptions, type QueryResult } from './query.js';
import { FRONT_SIZE, type Recipe } from './recipes.js';

function hasFront(file: string): boolean {
  const query = openQuery(file, FRONT_SIZE);
  try {
    return [...query.rows][0]![0] !== 0;
  } finally {
    query.close();
  }
}

/** Runs a recipe on a study's database. Throws an input error where it asks the front and none is stored. */
export function openRecipe(file: string, recipe: Recipe, options: QueryOptions): QueryResult {
  if (recipe.needsFront && !hasFront(file))
    throw inputError({
      what: `recipe ${recipe.name}: the study has no front stored`,
      expected: 'one that delta-sweep run has finished, or delta-sweep pareto STUDY to store it',
    });
  return openQuery(file, recipe.sql, options);
}
