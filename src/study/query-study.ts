/** Read-only SQL over stored studies. */
import { inputError } from '../errors.js';
import { checkChoice } from '../space/files/settings.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { openRecipe } from '../storage/read/open-recipe.js';
import { openQuery, type QueryResult } from '../storage/read/query.js';
import { RECIPES, type Recipe } from '../storage/read/recipes.js';

/** One SELECT, or a recipe with the values of its parameters. */
export type Question = string | { recipe: string; values?: Readonly<Record<string, number>> };

export interface QueryStudyOptions {
  /** Folders of other studies, by the names that SQL has for them: `{ other }` gives `other.points`. */
  attached?: Readonly<Record<string, string>> | undefined;
  /** What the SELECT calls `@name`. */
  values?: Readonly<Record<string, number | string>> | undefined;
}

/** SQLite's own limit. */
export const MAX_ATTACHED = 10;

/** Whether SQL can have this name for an attached database. */
export const isDatabaseName = (name: string): boolean =>
  /^[a-z_]\w*$/i.test(name) && !['main', 'temp'].includes(name.toLowerCase());

/** The recipe of a name. */
export function recipeOf(name: string, what = 'recipe'): Recipe {
  const names = RECIPES.map((recipe) => recipe.name);
  return RECIPES[names.indexOf(checkChoice(what, name, names))]!;
}

/** The columns and rows that answer a question about a study; close the result when the rows are read. */
export function queryStudy(
  folder: string,
  question: Question,
  { attached = {}, values = {} }: QueryStudyOptions = {},
): QueryResult {
  const { database } = studyFiles(folder);
  const wrong = Object.keys(attached).find((name) => !isDatabaseName(name));
  if (wrong !== undefined)
    throw inputError({ what: 'attached', got: wrong, expected: 'a name of letters, digits and _ that is not taken' });
  const others = Object.entries(attached).map(([name, other]) => [name, studyFiles(other).database] as const);
  const options = { attached: new Map(others) };
  if (typeof question === 'string') return openQuery(database, question, { ...options, values });
  const recipe = recipeOf(question.recipe);
  const defaults = Object.fromEntries(recipe.parameters.map((parameter) => [parameter.name, parameter.default]));
  for (const name of Object.keys(question.values ?? {}))
    checkChoice(`value of recipe ${recipe.name}`, name, Object.keys(defaults));
  return openRecipe(database, recipe, { ...options, values: { ...defaults, ...question.values } });
}
