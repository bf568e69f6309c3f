import { inputError, inputErrors, type Problem } from '../../errors.js';
import { COST_CONSTANTS, type Costs } from '../../model/costs.js';
import { BOUNDS, NODE_FIGURES, type Bounded, type Constant, type NodeFigure } from '../../model/cost-model.js';
import { checkDocument } from './check.js';
import { readDocument, withLocation } from './document.js';
import { findFile, type TextFile } from './library.js';
import { loadAt } from './load-at.js';
import validate from './validators/costs.js';

/** A constant with its unit and where it comes from. */
export type Sourced<Figures extends Bounded = Constant> = Figures & { unit: string; source: string };

/** A cost model as its file has it. */
export type CostsSpec = {
  [id in keyof Costs]: id extends NodeFigure ? Record<string, Sourced<Bounded>> : Sourced;
};

type CostsFile = Partial<CostsSpec> & { extends?: string };

/** Cost models that extend one another, at most. */
const MAX_EXTENDS = 8;

/** Reads a cost model's text, sources kept; what it does not say itself, the cost model that it extends says. */
export function parseCostsSpec({ text, file, directory }: TextFile, depth = 0): CostsSpec {
  const document = readDocument(text, file);
  const { extends: base, ...own } = checkDocument<CostsFile>(document, validate);
  return withLocation(document, () => {
    const from = base === undefined ? undefined : parseBase(base, directory, depth + 1);
    const spec = { ...from, ...own } as CostsSpec;
    for (const figure of NODE_FIGURES) spec[figure] = { ...from?.[figure], ...own[figure] };
    checkCostModel(spec);
    return spec;
  });
}

function parseBase(name: string, directory: string, depth: number): CostsSpec {
  const path = ['extends'];
  if (depth > MAX_EXTENDS)
    throw inputError({ path, what: 'too many cost models extend each other', expected: `at most ${MAX_EXTENDS}` });
  const problems: Problem[] = [];
  const base = loadAt(path, () => parseCostsSpec(findFile('costs', name, directory), depth), problems);
  if (!base) throw inputErrors(problems);
  return base;
}

/** Throws where a constant is missing, out of its own bounds, or at a node that the cost model does not know. */
function checkCostModel(spec: CostsSpec): void {
  const missing = [
    ...COST_CONSTANTS.map(({ id }) => id).filter((id) => spec[id] === undefined),
    ...NODE_FIGURES.filter((figure) => Object.keys(spec[figure]).length === 0),
  ].map((name) => `'${name}'`);
  if (missing.length > 0)
    throw inputError({
      what: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
      expected: "every constant, or 'extends: default'",
    });
  const problems: Problem[] = [];
  const checkBounds = (path: string[], { low, value, high }: Bounded) => {
    if (!(low <= value && value <= high))
      problems.push({
        path,
        what: 'out of order',
        got: [low, value, high].join(', '),
        expected: 'low <= value <= high',
      });
  };
  for (const { id, scaling } of COST_CONSTANTS) {
    checkBounds([id], spec[id]);
    if (scaling !== 'none' && !spec[scaling][spec[id].node])
      problems.push({
        path: [id, 'node'],
        what: `no ${scaling} for this node`,
        got: spec[id].node,
        expected: knownNodes(spec, scaling),
      });
  }
  for (const figure of NODE_FIGURES)
    for (const [node, bounded] of Object.entries(spec[figure])) checkBounds([figure, node], bounded);
  if (problems.length > 0) throw inputErrors(problems);
}

const knownNodes = (spec: CostsSpec, figure: NodeFigure) => `one of ${Object.keys(spec[figure]).join(', ')} nm`;

const boundsOf = (figures: Bounded): Bounded =>
  Object.fromEntries(BOUNDS.map((bound) => [bound, figures[bound]])) as Bounded;

/** The figures of a cost model, as studies carry them: units and sources left behind. */
export function figuresOf(spec: CostsSpec): Costs {
  const constants = COST_CONSTANTS.map(({ id }) => [id, { ...boundsOf(spec[id]), node: spec[id].node }]);
  const nodes = NODE_FIGURES.map((figure) => [
    figure,
    Object.fromEntries(Object.entries(spec[figure]).map(([node, bounded]) => [node, boundsOf(bounded)])),
  ]);
  return Object.fromEntries([...constants, ...nodes]) as Costs;
}

/** Reads a cost model's text: its figures; paths in it start from `directory`. */
export function parseCosts(text: string, file: string, directory = '.'): Costs {
  return figuresOf(parseCostsSpec({ text, file, directory }));
}

/** A built-in cost model by its name, or a file of constants by its path. */
export function loadCosts(name = 'default', from = '.'): Costs {
  return figuresOf(parseCostsSpec(findFile('costs', name, from)));
}
