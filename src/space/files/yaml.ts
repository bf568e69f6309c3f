/** One YAML text as one document: plain, of bounded size and depth, in time that grows as the text does. */
import { Composer, Lexer, Parser, isScalar, visit, type CST, type Document, type LineCounter } from 'yaml';
import { showName, showReason } from '../../errors.js';
import { MAX_ALIASES, MAX_DEPTH, MAX_TOKENS } from './limits.js';

/** A fault of the text, and its offset. */
export interface Fault {
  what: string;
  offset: number;
}

/**
 * The first key of a mapping that is no text, or is there twice. Not left to the parser, whose check takes the square
 * of a mapping's size.
 */
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
function contentFault(document: Document): Fault | undefined {
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

/** The message of a parser without its quotation of the text. */
const syntaxFault = (message: string, source: FaultSource): Fault => ({
  what: `not valid YAML: ${showReason(message)}`,
  offset: offsetIn(source),
});

/**
 * The first two documents of a text, up to its first fault: some texts have millions. Tags are faults, since nothing
 * here gives them a meaning.
 */
function compose(tokens: Iterable<CST.Token>, length: number): { documents: Document[]; fault?: Fault } {
  const composer = new Composer({ uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' });
  const faults: Fault[] = []; // the composer passes on what is thrown at it, each time as another fault
  composer['onError'] = (source: FaultSource, _code: string, message: string) => {
    faults.push(syntaxFault(message, source));
    throw new Error(message);
  };
  try {
    const documents: Document[] = [];
    for (const document of composer.compose(tokens, true, length)) if (documents.push(document) > 1) break;
    const error = documents.flatMap(({ errors }) => errors)[0]; // of a token: those do not pass by onError
    return { documents, ...(error ? { fault: syntaxFault(error.message, error.pos) } : {}) };
  } catch (error) {
    const [fault] = faults;
    if (fault) return { documents: [], fault };
    throw error;
  }
}

const COLLECTIONS: readonly string[] = ['block-map', 'block-seq', 'flow-collection'];
const isCollection = ({ type }: CST.Token) => COLLECTIONS.includes(type);

/** The text's tokens; a document of too many, or too deep inside one another, is left at that point. */
function* tokensOf(text: string, parser: Parser, fail: (fault: Fault) => never): Generator<CST.Token> {
  let tokens = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    const { offset } = parser;
    if (++tokens > MAX_TOKENS) fail({ what: `too long, expected at most ${MAX_TOKENS} YAML tokens`, offset });
    if (parser.stack.length > MAX_DEPTH && parser.stack.filter(isCollection).length > MAX_DEPTH)
      fail({ what: `nested too deeply, expected at most ${MAX_DEPTH} levels`, offset });
  }
  yield* parser.end();
}

/** Parses a text and counts its lines; calls `fail` with its first error. */
export function parseYaml(text: string, lines: LineCounter, fail: (fault: Fault) => never): Document {
  const tokens = tokensOf(text, new Parser(lines.addNewLine), fail);
  const { documents, fault } = compose(tokens, text.length);
  if (fault) fail(fault);
  const [document, second] = documents as [Document, Document?];
  if (second) fail({ what: 'more than one document, expected one', offset: second.range![0] });
  const wrong = contentFault(document);
  if (wrong) fail(wrong);
  return document;
}
