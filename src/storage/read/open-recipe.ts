import { inputError } from '../../errors.js';
import { withReader } from '../database/open-database.js';
import { openQuery, type QueryOptions, type QueryResult } from './query.js';
import { FRONT_SIZE, type Recipe } from './recipes.js';

/** Runs a recipe on a study's database. Throws an input error where it asks the front and none is stored. */
export function openRecipe(file: string, recipe: Recipe, options: QueryOptions): QueryResult {
  const hasFront = () => withReader(file, (db) => db.prepare(FRONT_SIZE).pluck().get() !== 0);
  if (recipe.needsFront && !hasFront())
    throw inputError({
      what: `recipe ${recipe.name}: the study has no front stored`,
      expected: 'one that delta-sweep run has finished, or delta-sweep pareto STUDY to store it',
    });
  return openQuery(file, recipe.sql, options);
}
