/** The cost model: what a constant is, and how it moves to another process (docs/model.md, 6.1). */

/** A constant as it is taken, and the least and the most that it could be. */
export const BOUNDS = ['value', 'low', 'high'] as const;
export type Bound = (typeof BOUNDS)[number];
export type Bounded = Record<Bound, number>;

/** A constant with the process node (nm) at which it holds. */
export type Constant = Bounded & { node: number };

/** How a constant moves to another node: with the area of a transistor, with the energy of switching one, or not at all. */
export type Scaling = 'density' | 'switching' | 'none';

/** What the program knows of a constant; its figures are data. */
export interface Declaration {
  id: string;
  unit: string;
  meaning: string;
  scaling: Scaling;
}

/** Figures by process node: transistors per area (MTr/mm2), and the energy of switching one (relative). */
export const NODE_FIGURES = ['density', 'switching'] as const satisfies readonly Scaling[];
export type NodeFigure = (typeof NODE_FIGURES)[number];
export type Nodes = Record<NodeFigure, Record<string, Bounded>>;

export type CostModel<Id extends string> = Record<Id, Constant> & Nodes;

/** What a cost model does not say of a process node; undefined if it has all. */
export function missingFigure(nodes: Nodes, processNm: number): NodeFigure | undefined {
  return NODE_FIGURES.find((figure) => nodes[figure][processNm] === undefined);
}

/** Process nodes (nm) that a cost model says everything of. */
export function knownNodes(nodes: Nodes): number[] {
  return Object.keys(nodes.density)
    .map(Number)
    .filter((node) => missingFigure(nodes, node) === undefined);
}

/** The factor of a constant from one node to another. The low and the high take the nodes' figures at their opposite bounds. */
function scaleOf(scaling: Scaling, nodes: Nodes, from: number, to: number, bound: Bound): number {
  if (scaling === 'none' || from === to) return 1;
  const opposite = { value: 'value', low: 'high', high: 'low' } as const;
  return scaling === 'density'
    ? nodes.density[from]![bound] / nodes.density[to]![opposite[bound]]
    : nodes.switching[to]![bound] / nodes.switching[from]![opposite[bound]];
}

/** Constants on a process, in their units. */
export function constantsAt<Id extends string>(
  declarations: readonly (Declaration & { id: Id })[],
  model: CostModel<Id>,
  processNm: number,
  bound: Bound,
): Record<Id, number> {
  const entries = declarations.map(({ id, scaling }) => {
    const constant: Constant = model[id];
    return [id, constant[bound] * scaleOf(scaling, model, constant.node, processNm, bound)];
  });
  return Object.fromEntries(entries) as Record<Id, number>;
}
