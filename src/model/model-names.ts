/** The models by name, apart from the models themselves: what only names them need not load them. */
export const MODEL_NAMES = ['delta', 'delta-2019'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];
export const DEFAULT_MODEL: ModelName = 'delta';
