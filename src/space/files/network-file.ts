import { inputErrors, type Problem } from '../../errors.js';
import { outHeight, outWidth, type Layer, type Network } from '../../model/layer.js';
import { checkDocument } from './check.js';
import { readDocument, withLocation } from './document.js';
import { findFile } from './library.js';
import validate from './validators/network.js';

type HeightWidth = number | [number, number];

/** A layer as network files have it. */
interface LayerSpec {
  name: string;
  in_channels: number;
  in_height: number;
  in_width: number;
  out_channels: number;
  filter: HeightWidth;
  stride?: HeightWidth;
  padding?: HeightWidth;
  groups?: number;
  count?: number;
}

const both = (value: HeightWidth): [number, number] => (typeof value === 'number' ? [value, value] : value);

function toLayer(spec: LayerSpec): Layer {
  const [filterHeight, filterWidth] = both(spec.filter);
  const [strideHeight, strideWidth] = both(spec.stride ?? 1);
  const [padHeight, padWidth] = both(spec.padding ?? 0);
  return {
    name: spec.name,
    inChannels: spec.in_channels,
    inHeight: spec.in_height,
    inWidth: spec.in_width,
    outChannels: spec.out_channels,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padHeight,
    padWidth,
    groups: spec.groups ?? 1,
    count: spec.count ?? 1,
  };
}

/** What a schema cannot say: the filter fits the padded input, groups divide the channels, names differ. */
function layerProblems(layers: readonly Layer[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  for (const [i, layer] of layers.entries()) {
    const path = ['layers', i];
    const first = seen.get(layer.name);
    if (first !== undefined)
      problems.push({ path: [...path, 'name'], what: `layer ${first} has this name too`, got: layer.name });
    seen.set(layer.name, first ?? i);
    if (outHeight(layer) < 1 || outWidth(layer) < 1)
      problems.push({
        path: [...path, 'filter'],
        what: 'larger than the padded input',
        got: [layer.filterHeight, layer.filterWidth],
        expected: `at most [${layer.inHeight + 2 * layer.padHeight}, ${layer.inWidth + 2 * layer.padWidth}]`,
      });
    for (const [field, channels] of [
      ['in_channels', layer.inChannels],
      ['out_channels', layer.outChannels],
    ] as const)
      if (channels % layer.groups)
        problems.push({
          path: [...path, 'groups'],
          what: `does not divide ${field}`,
          got: layer.groups,
          expected: `a divisor of ${channels}`,
        });
  }
  return problems;
}

/** Reads a network file's text; every wrong field is named at once. */
export function parseNetwork(text: string, file: string): Network {
  const document = readDocument(text, file);
  const spec = checkDocument<{ name: string; layers: LayerSpec[] }>(document, validate);
  const layers = spec.layers.map(toLayer);
  const problems = layerProblems(layers);
  return withLocation(document, () => {
    if (problems.length > 0) throw inputErrors(problems);
    return { name: spec.name, layers };
  });
}

/** A built-in network by its name, or a network file by its path. */
export function loadNetwork(name: string, from = '.'): Network {
  const { text, file } = findFile('networks', name, from);
  return parseNetwork(text, file);
}
