/** A YAML or JSON text, read once: its plain value, and the line of each field for messages. */
import { isMap, isScalar, isSeq, LineCounter, type Document as YamlDocument } from 'yaml';
import {
  DeltaSweepError,
  inputError,
  inputErrors,
  MAX_SHOWN_PROBLEMS,
  showReason,
  type FieldPath,
  type Problem,
} from '../../errors.js';
import { MAX_ALIASES } from './limits.js';
import { parseYaml, type Fault } from './yaml.js';

export interface Document {
  file: string;
  value: unknown;
  /** The line (from 1) of a field, or of the nearest enclosing one that is there. */
  lineOf(path: FieldPath): number | undefined;
}

/** Offset in the text of the field at `path`, or of the last field of the path that exists. */
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
  lines.addNewLine(0);
  const fail = ({ what, offset }: Fault): never => {
    throw inputError({ what, file, line: lines.linePos(offset).line });
  };
  const document = parseYaml(text, lines, fail);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES + 1 }); // the library counts the anchor as well
  } catch (error) {
    throw inputError({ what: `not valid YAML: ${showReason((error as Error).message)}`, file });
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

/** Adds file and line to problems that only know their path. */
export function locate(document: Document, problems: readonly Problem[]): Problem[] {
  return problems.map((problem, i) => {
    if (problem.file || i >= MAX_SHOWN_PROBLEMS) return problem;
    const line = document.lineOf(problem.path ?? []);
    return { ...problem, file: document.file, ...(line === undefined ? {} : { line }) };
  });
}

/** Runs `resolve`; adds the document's file and lines to the problems that it throws. */
export function withLocation<T>(document: Document, resolve: () => T): T {
  try {
    return resolve();
  } catch (error) {
    if (error instanceof DeltaSweepError && error.code === 'input') throw inputErrors(locate(document, error.problems));
    throw error;
  }
}
