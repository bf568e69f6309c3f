import { DEFAULT_PROCESS_NM, type GpuSpec } from '../../model/gpu.js';
import { checkDocument } from './check.js';
import { readDocument } from './document.js';
import { findFile } from './library.js';
import validate from './validators/gpu.js';

/** Reads a GPU file's text; every wrong field is named at once. */
export function parseGpu(text: string, file: string): GpuSpec {
  const spec = checkDocument<GpuSpec>(readDocument(text, file), validate);
  return { ...spec, process_nm: spec.process_nm ?? DEFAULT_PROCESS_NM };
}

/** A built-in GPU by its id, or a GPU file by its path. */
export function loadGpu(name: string, from = '.'): GpuSpec {
  const { text, file } = findFile('gpus', name, from);
  return parseGpu(text, file);
}
