/**
 * The most of everything that an input file may have, so that none takes the program's memory or time. Each is said in
 * the refusal of a file that goes beyond it (docs/study.md, "Limits"); those of an expression are in space/expression.ts.
 */

/** Bytes of a text file: specs, GPUs, networks, costs. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Bytes of a file of measured times. */
export const MAX_MEASURED_BYTES = 16 * 1024 * 1024;

/** Rows of a file of measured times. */
export const MAX_MEASURED_ROWS = 100_000;

/** Columns of a file of measured times. */
export const MAX_MEASURED_COLUMNS = 1000;

/** Tokens of a YAML text: names, values, brackets, spaces. Parsing takes some microseconds each. */
export const MAX_TOKENS = 1_000_000;

/** Lists and mappings inside one another; a spec needs six. */
export const MAX_DEPTH = 32;

/** Aliases of a document. */
export const MAX_ALIASES = 100;

/** Characters of a name that becomes a file's or folder's. */
export const MAX_ID_LENGTH = 64;

/** Characters of other names and of paths. */
export const MAX_TEXT_LENGTH = 200;

/** Characters of a note on where a figure comes from. */
export const MAX_NOTE_LENGTH = 1000;

/** Values of an axis. */
export const MAX_AXIS_VALUES = 100_000;

/** Named design options of a sweep. */
export const MAX_OPTIONS = 500;

/** Characters of an option's name: tables show it. */
export const MAX_OPTION_NAME_LENGTH = 28;

/** Layers of a network. */
export const MAX_LAYERS = 10_000;

/** Layers of all workloads of a sweep. */
export const MAX_SWEEP_LAYERS = 100_000;

export const MAX_WORKLOADS = 1000;

export const MAX_CONSTRAINTS = 1000;
