import { inputErrors, type Problem } from '../../errors.js';
import type { Network } from '../../model/layer.js';
import { resolveStudy, type Study, type SweepSpec } from '../study.js';
import { checkDocument } from './check.js';
import { loadCosts } from './costs-file.js';
import { readDocument, withLocation } from './document.js';
import { loadGpu } from './gpu-file.js';
import { findFile } from './library.js';
import { MAX_SWEEP_LAYERS } from './limits.js';
import { loadAt } from './load-at.js';
import { loadNetwork } from './network-file.js';
import validate from './validators/sweep.js';

/** The network of each workload, each file read once. One that is wrong is told where it first comes up. */
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

/** Reads a sweep spec's text; built-in names are looked up, paths start from `directory`. Every problem is told with file and line. */
export function parseStudy(text: string, file: string, directory: string): Study {
  const document = readDocument(text, file);
  const spec = checkDocument<SweepSpec>(document, validate);
  return withLocation(document, () => {
    const problems: Problem[] = [];
    const baseline = loadAt(['baseline'], () => loadGpu(spec.baseline, directory), problems);
    const networks = loadNetworks(spec, directory, problems);
    const costs = loadAt(['costs'], () => loadCosts(spec.costs, directory), problems);
    if (!baseline || !costs || problems.length > 0) throw inputErrors(problems);
    return resolveStudy(spec, { baseline, networks, costs });
  });
}

/** A sweep spec by its path, or a built-in one by its name. */
export function loadStudy(name: string): Study {
  const { text, file, directory } = findFile('sweeps', name, '.');
  return parseStudy(text, file, directory);
}
