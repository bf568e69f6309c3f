import type { Plan } from '../engine/plan.js';
import { showBytes, showDuration, showNumber } from '../model/units.js';

import { TABLE_WIDTH, wrap } from './table.js';

/** The characters before the values of a line. */
const INDENT = 15;

const count = (n: number | undefined) => (n === undefined ? 'not counted: too many combinations' : showNumber(n));

function showValues(values: readonly (number | string)[]): string {
  const texts = values.map((value) => (typeof value === 'number' ? showNumber(value) : value));
  return texts.length <= 8 ? texts.join(', ') : `${texts.slice(0, 3).join(', ')} … ${texts.at(-1)} (${texts.length})`;
}

/** A plan as text. */
export function renderPlan(plan: Plan): string {
  const workloads = plan.workloads.map(({ network, batch, pass }) => `${network} (batch ${batch}, ${pass})`);
  const options = plan.options ? wrap(plan.options.join(', '), TABLE_WIDTH - INDENT).split('\n') : [];
  const idWidth = Math.max(0, ...plan.axes.map(({ id }) => id.length));
  return [
    `${plan.name}: ${plan.points === undefined ? `at most ${showNumber(plan.grid)}` : showNumber(plan.points)} points`,
    `  model        ${plan.model}, baseline ${plan.baseline}`,
    ...workloads.map((text, i) => `  ${i === 0 ? 'workloads   ' : '            '} ${text}`),
    ...options.map((text, i) => `  ${i === 0 ? 'options     ' : '            '} ${text}`),
    ...plan.axes.map(
      ({ id, values }, i) =>
        `  ${i === 0 ? 'axes        ' : '            '} ${id.padEnd(idWidth)}  ${showValues([...new Set(values)])}`,
    ),
    `  grid         ${showNumber(plan.grid)} points, ${count(plan.rejected)} of them rejected by constraints`,
    ...plan.constraints.map(({ expression, rejected }) => `               ${expression}: rejects ${count(rejected)}`),
    `  objectives   ${plan.objectives.join(', ')}`,
    `  chunks       ${showNumber(plan.chunks)} of ${showNumber(plan.chunk_points)} points`,
    `  estimate     ${showDuration(plan.estimated_seconds)} on ${plan.workers} workers, ${showBytes(plan.estimated_bytes)} on disk`,
  ].join('\n');
}
