/** A YAML or JSON text, read once: its plain value, and the line of each field for messages. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document as YamlDocument } from 'yaml';
import { DeltaSweepError, inputError, type FieldPath, type Problem } from '../errors.js';

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

/** Reads YAML 1.2 (JSON is a part of it). Throws an input error with file and line on bad syntax and duplicate keys. */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const fault = document.errors[0];
  if (fault) {
    const what = fault.code === 'DUPLICATE_KEY' ? duplicateKey(text, fault.pos[0]) : `not valid YAML: ${fault.message}`;
    throw inputError({ what, file, line: lines.linePos(fault.pos[0]).line });
  }
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

function duplicateKey(text: string, offset: number): string {
  const key = /^[\w.-]+/.exec(text.slice(offset))?.[0];
  return key ? `key '${key}' is there twice` : 'a key is there twice';
}

/** Adds file and line to problems that only know their path. */
export function locate(document: Document, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    if (problem.file) return problem;
    const line = document.lineOf(problem.path ?? []);
    return { ...problem, file: document.file, ...(line === undefined ? {} : { line }) };
  });
}

/** Runs `resolve`; problems that it throws are told with the document's file and lines. */
export function withLocation<T>(document: Document, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof DeltaSweepError && error.code === 'input')
      throw inputError(...locate(document, error.problems));
    throw error;
  }
}
