/** A YAML or JSON text, read once: its plain value, and the line of each field for messages. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document as YamlDocument } from 'yaml';
import {
  DeltaSweepError,
  inputError,
  inputErrors,
  MAX_SHOWN_PROBLEMS,
  showName,
  type FieldPath,
  type Problem,
} from '../errors.js';

export interface Document {
  file: string;
  value: unknown;
  /** The line (from 1) of a field, or of the nearest enclosing one that is there. */
  lineOf(path: FieldPath): number | undefined;
}

/** More aliases than this unfold into documents that nobody wrote by hand. */
const MAX_ALIASES = 100;

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

/** The first key that its mapping already has. Not left to the parser, whose check takes the square of a mapping's size. */
function duplicateKey(document: YamlDocument): Fault | undefined {
  let fault: Fault | undefined;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) {
          fault = { what: `key ${showName(name)} is there twice`, offset: key.range?.[0] ?? 0 };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return fault;
}

/** What the parser complains of; tags count, since nothing here gives them a meaning. */
function syntaxFault(document: YamlDocument): Fault | undefined {
  const fault = document.errors[0] ?? document.warnings[0];
  if (!fault) return undefined;
  const offset = fault.pos[0];
  if (fault.code === 'MULTIPLE_DOCS') return { what: 'more than one document, expected one', offset };
  if (fault.code === 'RESOURCE_EXHAUSTION') return { what: 'not valid YAML: nested too deeply', offset };
  return { what: `not valid YAML: ${fault.message}`, offset };
}

/** Reads YAML 1.2 (JSON is a part of it). Throws an input error with file and line on bad syntax and duplicate keys. */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const fault = syntaxFault(document) ?? duplicateKey(document);
  if (fault) throw inputError({ what: fault.what, file, line: lines.linePos(fault.offset).line });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw inputError({ what: `not valid YAML: ${(error as Error).message}`, file });
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
