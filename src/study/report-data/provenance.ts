/** Where the numbers of a report come from. */
import { COST_CONSTANTS } from '../../model/costs.js';
import { BOUNDS } from '../../model/cost-model.js';
import { parseCostsSpec } from '../../space/files/costs-file.js';
import { findFile } from '../../space/files/library.js';
import { gridOf, type Study } from '../../space/study.js';
import type { Manifest } from '../../storage/folder/manifest.js';
import { studyFiles } from '../../storage/folder/study-files.js';
import { countPoints } from '../../storage/read/results.js';
import type { Provenance, SourcedConstant } from './report-data.js';

export function provenanceOf(folder: string, manifest: Manifest): Provenance {
  const { study, hash, tool_version, model_version, host, started, finished } = manifest;
  return {
    ...{ hash, host, started, finished },
    toolVersion: tool_version,
    modelVersion: `${study.model}, version ${model_version}`,
    points: countPoints(studyFiles(folder).database),
    grid: gridOf(study).size,
    constants: sourcedConstants(study),
  };
}

/** The study's constants; with their sources where they are those of the built-in cost model. */
function sourcedConstants({ costs }: Study): SourcedConstant[] {
  const builtIn = parseCostsSpec(findFile('costs', 'default', '.'));
  return COST_CONSTANTS.map(({ id, meaning, unit }) => {
    const { value, low, high, node } = costs[id];
    const known = builtIn[id];
    const isKnown = node === known.node && BOUNDS.every((bound) => costs[id][bound] === known[bound]);
    return { id, meaning, unit, value, low, high, node, source: isKnown ? known.source : undefined };
  });
}
