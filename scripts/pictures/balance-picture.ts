/** What "balanced" means: where the area is, beside where more of it would buy time. */
import { blockElasticities } from '../../src/analysis/balance.js';
import { frontOfBatches, type FrontDesign } from '../../src/analysis/front.js';
import { loadStudy } from '../../src/space/files/spec-file.js';
import { AREA_BLOCKS, sumOfBlocks, totalArea, type AreaBlock } from '../../src/model/cost.js';
import { showNumber, showPercent } from '../../src/model/units.js';
import { PointEvaluator } from '../../src/space/evaluate-point.js';
import { gridOf } from '../../src/space/study.js';
import { COLORS, line, picture, rect, scale, text, type Picture } from './svg.js';

const NAMES: Record<AreaBlock, string> = { compute: 'SMs', sram: 'smem, L1', l2: 'L2', dram: 'DRAM' };

/** The front of the built-in study of named options. */
export function optionFront(): { options: readonly string[]; front: readonly FrontDesign[] } {
  const study = loadStudy('scaling-options');
  const evaluator = new PointEvaluator(study);
  const points = Array.from({ length: gridOf(study).size }, (_, id) => ({
    id,
    point: evaluator.evaluateId(id),
  })).flatMap(({ id, point }) => ('infeasible' in point ? [] : [{ id, point }]));
  const batch = {
    ids: Float64Array.from(points, ({ id }) => id),
    values: [
      Float64Array.from(points, ({ point }) => point.workload.seconds),
      Float64Array.from(points, ({ point }) => totalArea(point.areas)),
    ],
  };
  return { options: study.options!, front: frontOfBatches(study, study.objectives, [batch]) };
}

export function balancePicture(): Picture {
  const { options, front } = optionFront();
  const balanced = front.find((design) => design.balanced)!;
  // The smallest, the balanced, the fastest.
  const shown = [front.at(-1)!, balanced, front[0]!];
  const titles = ['the baseline', 'the balanced design', 'the fastest'];
  const y = scale(0, 1, 270, 90);
  const panels = shown.flatMap(({ id, point, imbalance }, p) => {
    const left = 60 + 268 * p;
    const elasticities = blockElasticities(point);
    const bars = AREA_BLOCKS.flatMap((block, b) => {
      const x = left + 56 * b;
      const area = point.areas[block] / sumOfBlocks(point.areas);
      const elasticity = elasticities[block] / sumOfBlocks(elasticities);
      return [
        rect(x, y(area), 20, 270 - y(area), COLORS.sky, { stroke: COLORS.grey }),
        rect(x + 22, y(elasticity), 20, 270 - y(elasticity), COLORS.orange, { stroke: COLORS.grey }),
        text(x + 21, 288, NAMES[block], { anchor: 'middle', size: 12 }),
      ];
    });
    return [
      text(left - 4, 66, titles[p]!, { bold: true }),
      text(left - 4, 82, options[id]!, { size: 12, fill: COLORS.grey }),
      line(left - 6, 270, left + 216, 270),
      ...bars,
      text(left + 104, 312, `imbalance ${showPercent(imbalance)}`, { anchor: 'middle', bold: true }),
      text(left + 104, 330, `${showNumber(totalArea(point.areas))} mm2`, {
        anchor: 'middle',
        size: 12,
        fill: COLORS.grey,
      }),
    ];
  });
  const axis = [0, 0.5, 1].flatMap((share) => [
    text(46, y(share) + 4, showPercent(share), { anchor: 'end', size: 12, fill: COLORS.grey }),
  ]);
  const alt = `Shares of area and of what more area buys, of SMs, shared memory and L1, L2, and DRAM, for three options of sweeps/scaling-options.yaml. Imbalance is ${shown.map(({ id, imbalance }) => `${showPercent(imbalance)} for ${options[id]}`).join(', ')}.`;
  return picture(348, alt, [
    text(24, 32, 'Where area is, and where it buys time', { bold: true, size: 16 }),
    rect(470, 20, 16, 16, COLORS.sky, { stroke: COLORS.grey }),
    text(492, 33, 'share of the area', { size: 13 }),
    rect(620, 20, 16, 16, COLORS.orange, { stroke: COLORS.grey }),
    text(642, 33, 'share of what more area buys', { size: 13 }),
    ...axis,
    ...panels,
  ]);
}
