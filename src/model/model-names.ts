/** The built-in models by name, apart from the models themselves: what only names them need not load them. */
export const MODEL_NAMES = ['delta', 'delta-2019'] as const;
export const DEFAULT_MODEL = 'delta';
