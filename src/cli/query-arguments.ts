/** What `query` is asked: recipes with their settings, and other studies beside the first. */
import { inputError } from '../errors.js';
import { checkChoice } from '../space/files/settings.js';
import type { Recipe } from '../storage/read/recipes.js';
import { studyFiles } from '../storage/folder/study-files.js';
import { findStudy } from '../storage/folder/study-folder.js';

/** SQLite's own limit. */
const MAX_ATTACHED = 10;

const split = (text: string) => /^([^=]*)=(.*)$/s.exec(text)?.slice(1) ?? [text, ''];

/** `name=value` texts as the values of a recipe's parameters; its defaults where none is given. */
export function recipeValues({ name: recipe, parameters }: Recipe, texts: readonly string[]): Record<string, number> {
  const values = Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
  for (const text of texts) {
    const [name, value] = split(text) as [string, string];
    if (parameters.length === 0) throw inputError({ what: `--set: recipe ${recipe} has nothing to set`, got: text });
    const known = checkChoice(`--set of recipe ${recipe}`, name, Object.keys(values));
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) throw inputError({ what: `--set ${known}`, got: value, expected: 'a number' });
    values[known] = number;
  }
  return values;
}

/** `name=study` texts as databases by the names that SQL has for them. */
export function attachedStudies(texts: readonly string[]): Map<string, string> {
  const attached = new Map<string, string>();
  for (const text of texts) {
    const [name, study] = split(text) as [string, string];
    const isTaken = ['main', 'temp', ...attached.keys()].includes(name.toLowerCase());
    if (!/^[a-z_]\w*$/i.test(name) || study === '' || isTaken)
      throw inputError({
        ...{ what: '--with', got: text },
        expected: `NAME=STUDY, with a name of letters, digits and _ that is not taken`,
      });
    attached.set(name.toLowerCase(), studyFiles(findStudy(study)).database);
  }
  if (attached.size > MAX_ATTACHED)
    throw inputError({ what: '--with', got: attached.size, expected: `at most ${MAX_ATTACHED} studies` });
  return attached;
}
