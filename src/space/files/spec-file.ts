import { inputErrors, type Problem } from '../../errors.js';
import type { Network } from '../../model/layer.js';
import { DEFAULT_MODEL } from '../../model/model-names.js';
import { resolveStudy, type Study, type SweepSpec } from '../study.js';
import { checkDocument } from './check.js';
import { loadCosts } from './costs-file.js';
import { readDocument, withLocation, type Document } from './document.js';
import { loadGpu } from './gpu-file.js';
import { findFile } from './library.js';
import { MAX_SWEEP_LAYERS } from './limits.js';
import { loadAt } from './load-at.js';
import { loadModel, registerStudyModel } from './model-file.js';
import { loadNetwork } from './network-file.js';
import validate from './validators/sweep.js';

/** The network of each workload, each file read once. An error names the first workload that has it. */
function loadNetworks(spec: SweepSpec, directory: string, problems: Problem[]): Network[] {
  const loaded = new Map<string, Network | undefined>();
  let layers = 0;
  return spec.workloads.flatMap(({ network: name }, i): Network[] => {
    const path = ['workloads', i, 'network'];
    if (layers > MAX_SWEEP_LAYERS) return [];
    if (!loaded.has(name))
      loaded.set(
        name,
        loadAt(path, () => loadNetwork(name, directory), problems),
      );
    const network = loaded.get(name);
    if (!network) return [];
    layers += network.layers.length;
    if (layers > MAX_SWEEP_LAYERS)
      problems.push({ path, what: `too many layers, expected at most ${MAX_SWEEP_LAYERS} in all workloads` });
    return [network];
  });
}

/** Resolves a spec's document; built-in names are looked up, paths start from `directory`. Errors name file and line of every problem. */
function resolveDocument(document: Document, directory: string): Study {
  const spec = checkDocument<SweepSpec>(document, validate);
  return withLocation(document, () => {
    const problems: Problem[] = [];
    const baseline = loadAt(['baseline'], () => loadGpu(spec.baseline, directory), problems);
    const networks = loadNetworks(spec, directory, problems);
    const costs = loadAt(['costs'], () => loadCosts(spec.costs, directory), problems);
    const model = loadAt(['model'], () => loadModel(spec.model ?? DEFAULT_MODEL, directory), problems);
    if (!baseline || !costs || !model || problems.length > 0) throw inputErrors(problems);
    return resolveStudy(spec, { baseline, networks, costs, model });
  });
}

/** Reads a sweep spec's text; errors name file and line. */
export function parseStudy(text: string, file: string, directory: string): Study {
  return resolveDocument(readDocument(text, file), directory);
}

/** A study by the path of its spec, by the name of a built-in one, as a spec in the form of its file, or resolved. */
export type StudySource = string | SweepSpec | Study;

/** @param directory where relative paths start from, but those in a file: they start from the file's folder */
export function loadStudy(source: StudySource, directory = '.'): Study {
  if (typeof source === 'string') {
    const { text, file, directory: folder } = findFile('sweeps', source, directory);
    return parseStudy(text, file, folder);
  }
  if ('dimensions' in source) {
    registerStudyModel(source, 'the study');
    return source;
  }
  // As a file would hold it: without fields that are undefined.
  const value = JSON.parse(JSON.stringify(source)) as unknown;
  return resolveDocument({ file: 'spec', value, lineOf: () => undefined }, directory);
}
