/** Named design options: each a whole change of the baseline, all of them together one digit of a point's id. */
import type { Problem } from '../errors.js';
import { baselineValue, type GpuSpec } from '../model/gpu.js';
import { AXIS_IDS, CTA_TILE, type AxisId, type AxisValue, type ResourceId } from '../model/resources.js';
import { scaledValue, tileProblems } from './axis.js';
import type { Dimension } from './grid.js';

/** A design option as a spec has it; what it does not name stays as the baseline has it. */
export interface OptionSpec {
  name: string;
  /** Multiples of the baseline. */
  scale?: Partial<Record<ResourceId, number>>;
  /** Absolute values, in the axis's unit. */
  values?: Partial<Record<AxisId, AxisValue>>;
}

/** What an option changes; what is wrong with it is added to the problems. */
function changesOf(
  option: OptionSpec,
  position: number,
  baseline: GpuSpec,
  problems: Problem[],
): Map<AxisId, AxisValue> {
  const changes = new Map<AxisId, AxisValue>();
  for (const [name, factor] of Object.entries(option.scale ?? {})) {
    const id = name as ResourceId;
    changes.set(id, scaledValue(id, factor, baseline, ['options', position, 'scale', id], problems));
  }
  for (const [name, value] of Object.entries(option.values ?? {})) {
    const id = name as AxisId;
    const path = ['options', position, 'values', id];
    if (changes.has(id)) problems.push({ path, what: `axis '${id}' is there twice`, expected: 'scale or values' });
    if (id === CTA_TILE.id) problems.push(...tileProblems(String(value), path));
    changes.set(id, value);
  }
  return changes;
}

/**
 * The dimension of some options: every axis that one of them changes, with a value an option. The same value may come up
 * several times. What is wrong is added to the problems.
 */
export function resolveOptions(options: readonly OptionSpec[], baseline: GpuSpec, problems: Problem[]): Dimension {
  const seen = new Set<string>();
  options.forEach(({ name }, i) => {
    if (seen.has(name))
      problems.push({ path: ['options', i, 'name'], what: 'another option has this name', got: name });
    seen.add(name);
  });
  const changes = options.map((option, i) => changesOf(option, i, baseline, problems));
  const changed = AXIS_IDS.filter((id) => changes.some((ofOption) => ofOption.has(id)));
  if (changed.length === 0) problems.push({ path: ['options'], what: 'none of them changes anything' });
  return changed.map((id) => ({
    id,
    values: changes.map((ofOption) => ofOption.get(id) ?? baselineValue(baseline, id)),
  }));
}
