/** A model of the user's own: a module by path, registered under a name that tells its content (docs/models.md). */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { inputError, oneLine } from '../../errors.js';
import { MODEL_NAMES } from '../../model/model-names.js';
import { isRegistered, registerModel } from '../../model/models.js';
import { modelOfModule, moduleProblems, type ModelModule } from '../../model/module.js';
import { nearestName } from '../nearest.js';
import { readTextFile } from './library.js';

/** What a study keeps of its model: its name and, of a module, the text. */
export interface StudyModel {
  model: string;
  modelSource?: string | undefined;
}

const isPath = (name: string) => /[./\\]/.test(name);

/** Loads the model that a spec names; paths start from `directory`. Throws an input error at the field `model`. */
export function loadModel(name: string, directory: string): StudyModel {
  if ((MODEL_NAMES as readonly string[]).includes(name)) return { model: name };
  if (!isPath(name)) {
    const nearest = nearestName(name, MODEL_NAMES);
    throw inputError({
      what: 'unknown model',
      got: name,
      expected: `${MODEL_NAMES.join(', ')}, or the path of a module such as ./my-model.mjs`,
      ...(nearest === undefined ? {} : { nearest }),
    });
  }
  const { text, file } = readTextFile(isAbsolute(name) ? name : join(directory, name));
  return { model: register(loadSync(text, file), text, file), modelSource: text };
}

/** Registers the model of a stored study, whose text it holds. Throws an input error where the text has changed. */
export function registerStudyModel({ model, modelSource }: StudyModel, file: string): void {
  if (isRegistered(model)) return;
  if (modelSource === undefined)
    throw inputError({
      what: 'a model that this version does not have',
      file,
      got: model,
      expected: MODEL_NAMES.join(', '),
    });
  checkName(register(loadSync(modelSource, file), modelSource, file), model, file);
}

/**
 * The same in a thread, which starts before the model is needed: Node aborts the process when a thread is stopped while it
 * loads a module synchronously.
 */
export async function importStudyModel({ model, modelSource }: StudyModel): Promise<void> {
  if (modelSource === undefined || isRegistered(model)) return;
  const url = `data:text/javascript;base64,${Buffer.from(modelSource).toString('base64')}`;
  register(((await import(url)) as { default: unknown }).default, modelSource, model);
}

function checkName(found: string, expected: string, file: string): void {
  if (found !== expected) throw inputError({ what: 'the text of its model has changed', file, got: found, expected });
}

/** Registers a module; its name in studies: that of the module, and the start of the SHA-256 of its text. */
function register(module: unknown, text: string, file: string): string {
  const problems = moduleProblems(module);
  if (problems.length > 0)
    throw inputError({
      what: `is not a model: ${problems.join('; ')}`,
      file,
      expected: 'a module as docs/models.md says',
    });
  const name = `${(module as ModelModule).name}@${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  registerModel(modelOfModule(module as ModelModule, name));
  return name;
}

/** The default export of a module's text, from a file of its own: what was read is what runs, and relative imports fail. */
function loadSync(text: string, file: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-model-'));
  try {
    const path = join(folder, 'model.mjs');
    writeFileSync(path, text);
    return (createRequire(path)(path) as { default?: unknown }).default;
  } catch (error) {
    const { message } = error as Error;
    throw inputError({
      what: `the model cannot be loaded: ${oneLine(message)}`,
      file,
      expected: 'one file without imports',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
