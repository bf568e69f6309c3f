/** The models, by name: the built-in ones, and those of modules that the user wrote. */
import { DELTA_2019 } from './delta-2019/delta-2019.js';
import { DELTA } from './delta/delta.js';
import type { LayerModel } from './layer-model.js';

const models = new Map<string, LayerModel>([DELTA, DELTA_2019].map((model) => [model.name, model]));

/** The model of a name; throws where nothing has registered it. */
export function modelOf(name: string): LayerModel {
  const model = models.get(name);
  if (!model) throw new Error(`model '${name}' is not loaded`);
  return model;
}

export const isRegistered = (name: string): boolean => models.has(name);

/** Makes a model known by its name; each thread registers the models that its study uses. */
export function registerModel(model: LayerModel): void {
  models.set(model.name, model);
}
