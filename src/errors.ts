/** What kind of failure: decides the exit code of the command (1, 2, 130). */
export type ErrorCode = 'input' | 'run' | 'interrupted';

/** A step into a document: a key or a list position. */
export type FieldPath = readonly (string | number)[];

/** One thing that is wrong, and where. */
export interface Problem {
  /** What is wrong, in words. */
  what: string;
  path?: FieldPath;
  file?: string;
  line?: number;
  got?: unknown;
  expected?: string;
  /** The nearest valid name, where the user seems to have misspelt one. */
  nearest?: string;
}

const MAX_GOT_LENGTH = 60;

/** Shows a value of the user's in one short line: strings quoted, long ones cut. */
export function showValue(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_GOT_LENGTH ? `${text.slice(0, MAX_GOT_LENGTH)}…` : text;
}

/** Writes a path as users write it: `axes.sm_count.scale[1]`. */
export function showPath(path: FieldPath): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');
}

/** One line: `file:line: path: what, got X, expected Y (did you mean Z?)`. */
export function showProblem(problem: Problem): string {
  const { what, path, file, line, expected, nearest } = problem;
  const place = [file && (line ? `${file}:${line}` : file), path?.length ? showPath(path) : undefined];
  const parts = [what];
  if ('got' in problem) parts.push(`got ${showValue(problem.got)}`);
  if (expected) parts.push(`expected ${expected}`);
  const hint = nearest ? ` (did you mean '${nearest}'?)` : '';
  const text = [...place.filter(Boolean), parts.join(', ') + hint].join(': ');
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** The one error that this program throws on purpose. Its message is one line, whatever the number of problems. */
export class DeltaSweepError extends Error {
  override readonly name = 'DeltaSweepError';

  constructor(
    readonly code: ErrorCode,
    readonly problems: readonly Problem[],
    options?: ErrorOptions,
  ) {
    super(problems.map(showProblem).join('; '), options);
  }
}

/** The user's input is wrong. */
export function inputError(...problems: Problem[]): DeltaSweepError {
  return new DeltaSweepError('input', problems);
}

/** The run failed for a reason other than the user's input. */
export function runError(what: string, cause?: unknown): DeltaSweepError {
  return new DeltaSweepError('run', [{ what }], { cause });
}
