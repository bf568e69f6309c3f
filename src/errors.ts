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

const MAX_SHOWN_LENGTH = 60;
const MAX_REASON_LENGTH = 200;

/** A message tells this many problems and counts the rest. */
export const MAX_SHOWN_PROBLEMS = 24;

/** A list of names longer than this stands once in a message. */
const MAX_REPEATED_LENGTH = 60;

const cut = (text: string, length = MAX_SHOWN_LENGTH) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** The text without line ends and other control characters. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+ */gu, ' ');
}

/** A replacer that leaves out what a message cuts off anyway: each value that JSON tells takes a character at least. */
function beginningOf() {
  let left = MAX_SHOWN_LENGTH + 1;
  return (_: string, value: unknown): unknown => {
    if (left-- <= 0) return undefined;
    const isLong = (Array.isArray(value) || typeof value === 'string') && value.length > MAX_SHOWN_LENGTH;
    return isLong ? value.slice(0, MAX_SHOWN_LENGTH + 1) : value;
  };
}

/** Shows a value of the user's in one short line: strings quoted, long ones cut. */
export function showValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return cut(JSON.stringify(value, beginningOf()) ?? String(value));
  } catch {
    return 'a value that contains itself';
  }
}

/** What a library says of the user's text, and may quote of it, cut if it is long. */
export function showReason(message: string): string {
  return cut(message, MAX_REASON_LENGTH);
}

/** A name of the user's in quotes, cut if it is long. */
export function showName(name: string): string {
  return `'${cut(name)}'`;
}

/** Writes a path as users write it: `axes.sm_count.scale[1]`. */
export function showPath(path: FieldPath): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? cut(step) : `.${cut(step)}`))
    .join('');
}

/** One line: `file:line: path: what, got X, expected Y (did you mean Z?)`. */
export function showProblem(problem: Problem): string {
  const { what, path, file, line, expected, nearest } = problem;
  const place = [file && (line ? `${file}:${line}` : file), path?.length ? showPath(path) : undefined];
  const parts = [what];
  if ('got' in problem) parts.push(`got ${showValue(problem.got)}`);
  if (expected) parts.push(`expected ${expected}`);
  const hint = nearest ? ` (did you mean '${nearest}'?)` : '';
  return oneLine([...place.filter(Boolean), parts.join(', ') + hint].join(': '));
}

/** One line of all problems; a long list of expected names stands only where it comes first. */
function showProblems(problems: readonly Problem[]): string {
  const shown = new Set<string>();
  const texts = problems.slice(0, MAX_SHOWN_PROBLEMS).map((problem) => {
    const { expected = '', ...rest } = problem;
    if (shown.has(expected)) return showProblem(rest);
    if (expected.length > MAX_REPEATED_LENGTH) shown.add(expected);
    return showProblem(problem);
  });
  const more = problems.length - texts.length;
  return texts.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** The one error that this program throws on purpose. Its message is one line, whatever the number of problems. */
export class DeltaSweepError extends Error {
  override readonly name = 'DeltaSweepError';

  constructor(
    readonly code: ErrorCode,
    readonly problems: readonly Problem[],
    options?: ErrorOptions,
  ) {
    super(showProblems(problems), options);
  }
}

/** The user's input is wrong. */
export function inputError(...problems: Problem[]): DeltaSweepError {
  return inputErrors(problems);
}

/** The user's input is wrong in places of any number. */
export function inputErrors(problems: readonly Problem[]): DeltaSweepError {
  return new DeltaSweepError('input', problems);
}

/** The run failed for a reason other than the user's input. */
export function runError(what: string, cause?: unknown): DeltaSweepError {
  return new DeltaSweepError('run', [{ what }], { cause });
}
