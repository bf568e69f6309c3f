import { createHash } from 'node:crypto';
import { modelOf } from '../../model/models.js';
import { columnsOf } from '../../space/columns.js';
import type { Study } from '../../space/study.js';

/** JSON with the keys of every object sorted: the same value gives the same text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, node: unknown) =>
    node !== null && typeof node === 'object' && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );
}

/** Everything that a study's numbers depend on, by the names that messages about a difference use. */
function identityParts(study: Study, modelVersion: number, columns: readonly string[]): Record<string, unknown> {
  const { sources: _sources, ...baseline } = study.baseline;
  return {
    name: study.name,
    model: [study.model, modelVersion],
    baseline,
    workloads: study.workloads,
    axes: study.dimensions,
    options: study.options,
    constraints: study.constraints,
    objectives: study.objectives,
    'points to store': study.store,
    'cost constants': study.costs,
    columns,
  };
}

/** A study with what else its numbers depend on, as `study.json` keeps it. */
export interface Identified {
  study: Study;
  model_version: number;
  columns: readonly string[];
}

/** The identity of a study under this version of the program. */
export function identify(study: Study): Identified {
  return { study, model_version: modelOf(study.model).version, columns: columnsOf(study).map(({ name }) => name) };
}

const partsOf = ({ study, model_version, columns }: Identified) => identityParts(study, model_version, columns);

/** SHA-256 over what decides the numbers: not file names, times or the machine. */
export function hashOf(identified: Identified): string {
  return createHash('sha256')
    .update(canonicalJson(partsOf(identified)))
    .digest('hex');
}

/** Names of what differs between two studies. */
export function differences(a: Identified, b: Identified): string[] {
  const [partsA, partsB] = [partsOf(a), partsOf(b)];
  return Object.keys(partsA).filter((name) => canonicalJson(partsA[name]) !== canonicalJson(partsB[name]));
}
