/** A YAML or JSON text, read once: its plain value, and the line of each field for messages. */
import {
  Composer,
  type CST,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type Document as YamlDocument,
} from 'yaml';
import {
  cutText,
  DeltaSweepError,
  inputError,
  inputErrors,
  MAX_SHOWN_PROBLEMS,
  showName,
  type FieldPath,
  type Problem,
} from '../errors.js';
import { MAX_ALIASES, MAX_DEPTH, MAX_REASON_LENGTH, MAX_TOKENS } from './limits.js';

export interface Document {
  file: string;
  value: unknown;
  /** The line (from 1) of a field, or of the nearest enclosing one that is there. */
  lineOf(path: FieldPath): number | undefined;
}

/** Offset in the text of the field at `path`, as far as the path exists. */
function offsetOf(document: YamlDocument, path: FieldPath): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = (pair.key as { range?: [number, number, number] }).range?.[0] ?? offset;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(step)];
      offset = (next as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
    }
    if (next === undefined) break;
    node = next;
  }
  return offset;
}

/** A fault of the text, and its offset. */
interface Fault {
  what: string;
  offset: number;
}

/** The first key of a mapping that is no text, or is there twice. Not left to the parser, whose check takes the square of a mapping's size. */
function keyFault(keys: readonly unknown[]): Fault | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    const offset = (key as { range?: [number, number, number] }).range?.[0] ?? 0;
    if (!isScalar(key)) return { what: 'a key that is no text', offset };
    const name = String(key.value);
    if (seen.has(name)) return { what: `key ${showName(name)} is there twice`, offset };
    seen.add(name);
  }
  return undefined;
}

/** What makes a document of valid syntax none of ours: its keys, or more aliases than anybody writes by hand. */
function contentFault(document: YamlDocument): Fault | undefined {
  let fault: Fault | undefined;
  let aliases = 0;
  visit(document, {
    Map: (_, map) => {
      fault = keyFault(map.items.map((pair) => pair.key));
      return fault && visit.BREAK;
    },
    Alias: (_, alias) => {
      if (++aliases <= MAX_ALIASES) return undefined;
      fault = { what: `too many aliases, expected at most ${MAX_ALIASES}`, offset: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return fault;
}

/** Where a fault of the library's is: an offset, a range, or a token. */
type FaultSource = number | readonly number[] | { offset: number };

const offsetIn = (source: FaultSource): number =>
  typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0]!;

/** What a parser complains of, as far as it does not quote all of the text. */
const syntaxFault = (message: string, source: FaultSource): Fault => ({
  what: `not valid YAML: ${cutText(message, MAX_REASON_LENGTH)}`,
  offset: offsetIn(source),
});

/**
 * The first two documents of a text, up to its first fault: some texts have millions. Tags are faults, since nothing here gives
 * them a meaning.
 */
function compose(tokens: Iterable<CST.Token>, length: number): { documents: YamlDocument[]; fault?: Fault } {
  const composer = new Composer({ uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' });
  const faults: Fault[] = []; // the composer passes on what is thrown at it, each time as another fault
  composer['onError'] = (source: FaultSource, _code: string, message: string) => {
    faults.push(syntaxFault(message, source));
    throw new Error(message);
  };
  try {
    const documents: YamlDocument[] = [];
    for (const document of composer.compose(tokens, true, length)) if (documents.push(document) > 1) break;
    const error = documents.flatMap(({ errors }) => errors)[0]; // of a token: those do not pass by onError
    return { documents, ...(error ? { fault: syntaxFault(error.message, error.pos) } : {}) };
  } catch (error) {
    const [fault] = faults;
    if (fault) return { documents: [], fault };
    throw error;
  }
}

/** The text's tokens; a document of too many, or too deep inside one another, is left at that point. */
function* tokensOf(text: string, parser: Parser, fail: (fault: Fault) => never): Generator<CST.Token> {
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    const { offset } = parser;
    if (++tokens > MAX_TOKENS) fail({ what: `too long, expected at most ${MAX_TOKENS} YAML tokens`, offset });
    // The stack holds the document, what is open in it, and the scalar at hand.
    if (parser.stack.length > MAX_DEPTH + 2)
      fail({ what: `nested too deeply, expected at most ${MAX_DEPTH} levels`, offset });
  }
  yield* parser.end();
}

/** Reads YAML 1.2 (JSON is a part of it). Throws an input error with file and line on bad syntax and duplicate keys. */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const fail = ({ what, offset }: Fault): never => {
    throw inputError({ what, file, line: lines.linePos(offset).line });
  };
  const tokens = tokensOf(text, new Parser(lines.addNewLine), fail);
  const { documents, fault } = compose(tokens, text.length);
  if (fault) fail(fault);
  const [document, second] = documents as [YamlDocument, YamlDocument?];
  if (second) fail({ what: 'more than one document, expected one', offset: second.range![0] });
  const wrong = contentFault(document);
  if (wrong) fail(wrong);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw inputError({ what: `not valid YAML: ${cutText((error as Error).message, MAX_REASON_LENGTH)}`, file });
  }
  return {
    file,
    value,
    lineOf: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

/** Adds file and line to problems that only know their path, as far as a message tells them. */
export function locate(document: Document, problems: readonly Problem[]): Problem[] {
  return problems.map((problem, i) => {
    if (problem.file || i >= MAX_SHOWN_PROBLEMS) return problem;
    const line = document.lineOf(problem.path ?? []);
    return { ...problem, file: document.file, ...(line === undefined ? {} : { line }) };
  });
}

/** Runs `resolve`; problems that it throws are told with the document's file and lines. */
export function withLocation<T>(document: Document, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof DeltaSweepError && error.code === 'input') throw inputErrors(locate(document, error.problems));
    throw error;
  }
}
