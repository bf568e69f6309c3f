/** The designs of a front that a report names. */
import type { FrontRow } from '../../analysis/front-marks.js';
import { signOf } from '../../analysis/front-archive.js';
import { baselineValue } from '../../model/gpu.js';
import { sweptAxes, type Objective, type Study } from '../../space/study.js';
import { figureOf, type DesignRow, type Marked } from './design-row.js';
import { metricName } from './metric-names.js';

/** What the best design by an objective is called. */
const BEST: Record<string, string> = {
  'minimize time_ms': 'fastest',
  'maximize speedup': 'fastest',
  'maximize images_per_s': 'fastest',
  'maximize tflops': 'fastest',
  'minimize area_mm2': 'smallest',
};

const nameOfBest = ({ metric, goal }: Objective) =>
  BEST[`${goal} ${metric}`] ?? `${goal === 'minimize' ? 'least' : 'most'} ${metricName(metric)}`;

/** The designs that have names, from the worst by the first objective to the best. */
export function markedDesigns(study: Study, front: readonly FrontRow[], baseline: DesignRow | undefined): Marked[] {
  const marked: Marked[] = [];
  const mark = (design: DesignRow | undefined, name: string) => {
    if (!design) return;
    const known = marked.find((other) => other.design.id === design.id);
    if (known) known.names.push(name);
    else marked.push({ design, names: [name] });
  };
  const isBaseline = (design: DesignRow) =>
    sweptAxes(study).every(({ id }) => design[id] === baselineValue(study.baseline, id));
  mark(front.find(isBaseline) ?? baseline, 'baseline');
  mark(
    front.find(({ balanced }) => balanced),
    'balanced',
  );
  mark(
    front.find(({ knee }) => knee),
    'knee',
  );
  for (const objective of study.objectives) {
    const cost = (design: DesignRow) => signOf(objective.goal) * figureOf(design, objective.metric);
    const best = front.reduce<FrontRow | undefined>((a, b) => (a && cost(a) <= cost(b) ? a : b), undefined);
    mark(best, nameOfBest(objective));
  }
  const { metric, goal } = study.objectives[0]!;
  const cost = ({ design }: Marked) => signOf(goal) * figureOf(design, metric);
  return marked.sort((a, b) => cost(b) - cost(a));
}
