/** What `query` is asked: recipes with their settings, and other studies beside the first. */
import { inputError } from '../errors.js';
import { checkChoice } from '../space/files/settings.js';
import type { Recipe } from '../storage/read/recipes.js';
import { findStudy } from '../storage/folder/study-folder.js';
import { isDatabaseName, MAX_ATTACHED } from '../study/query-study.js';

const split = (text: string) => /^([^=]*)=(.*)$/s.exec(text)?.slice(1) ?? [text, ''];

/** `name=value` texts as the values of a recipe's parameters. */
export function recipeValues({ name: recipe, parameters }: Recipe, texts: readonly string[]): Record<string, number> {
  const values: Record<string, number> = {};
  const names = parameters.map((parameter) => parameter.name);
  for (const text of texts) {
    const [name, value] = split(text) as [string, string];
    if (parameters.length === 0) throw inputError({ what: `--set: recipe ${recipe} has nothing to set`, got: text });
    const known = checkChoice(`--set of recipe ${recipe}`, name, names);
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw inputError({ what: `--set ${known}`, got: value, expected: 'a number' });
    values[known] = number;
  }
  return values;
}

/** `name=study` texts as folders by the names that SQL has for them. */
export function attachedStudies(texts: readonly string[]): Record<string, string> {
  const attached: Record<string, string> = {};
  for (const text of texts) {
    const [name, study] = split(text) as [string, string];
    if (!isDatabaseName(name) || study === '' || Object.hasOwn(attached, name.toLowerCase()))
      throw inputError({
        ...{ what: '--with', got: text },
        expected: `NAME=STUDY, with a name of letters, digits and _ that is not taken`,
      });
    attached[name.toLowerCase()] = findStudy(study);
  }
  const count = Object.keys(attached).length;
  if (count > MAX_ATTACHED)
    throw inputError({ what: '--with', got: count, expected: `at most ${MAX_ATTACHED} studies` });
  return attached;
}
