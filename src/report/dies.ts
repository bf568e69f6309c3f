/** Published dies against the area model, block by block (docs/model.md, 6.3). */
import { areaFactors } from '../model/cost.js';
import type { Costs } from '../model/costs.js';
import { BLOCK_UNITS, blockUnits, DIE_BLOCKS, dieBlocks, type Die, type DieBlock } from '../model/die-blocks.js';
import { toGpu } from '../model/gpu.js';
import { renderTable, type TableColumn } from './table.js';

/** A block with a measured area, in mm2 per unit. */
interface MeasuredBlock {
  block: DieBlock;
  unit: string;
  computed_mm2: number;
  published_mm2: number;
  error: number;
}

/** A published die and its modelled areas; errors are relative. */
export interface CheckedDie {
  name: string;
  process_nm: number;
  sm_count: number;
  held_out: boolean;
  blocks_mm2: Record<DieBlock, number>;
  computed_mm2: number;
  published_mm2: number;
  error: number;
  measured: MeasuredBlock[];
  source: string;
}

/** Computes the area of every block of a die. */
export function checkDie({ name, gpu: spec, area_mm2, blocks, held_out, source }: Die, costs: Costs): CheckedDie {
  const gpu = toGpu(spec);
  const mm2 = dieBlocks(gpu, areaFactors(gpu, costs));
  const units = blockUnits(gpu);
  const computed = DIE_BLOCKS.reduce((sum, block) => sum + mm2[block], 0);
  const measured = Object.entries(blocks).map(([name_, published_mm2]) => {
    const block = name_ as DieBlock;
    const computed_mm2 = mm2[block] / units[block];
    return { block, unit: BLOCK_UNITS[block], computed_mm2, published_mm2, error: computed_mm2 / published_mm2 - 1 };
  });
  return {
    ...{ name, process_nm: spec.process_nm, sm_count: spec.sm_count, held_out, blocks_mm2: mm2 },
    ...{ computed_mm2: computed, published_mm2: area_mm2, error: computed / area_mm2 - 1, measured, source },
  };
}

const HEADINGS: Record<DieBlock, string> = {
  sm: 'SMs',
  crossbar: 'xbar',
  l2: 'L2',
  phy: 'PHYs',
  controller: 'mem. ctrl',
  nvlink: 'NVLink',
  uncore: 'uncore',
};

const signedPercent = (fraction: number) => `${fraction < 0 ? '' : '+'}${(100 * fraction).toFixed(1)}%`;
const whole = (mm2: number) => mm2.toFixed(0);

function renderAreas(dies: readonly CheckedDie[]): string {
  const columns: TableColumn[] = [
    { heading: 'die', align: 'left' },
    { heading: 'nm' },
    { heading: 'SMs x mm2' },
    ...DIE_BLOCKS.map((block) => ({ heading: HEADINGS[block] })),
    { heading: 'computed' },
    { heading: 'published' },
    { heading: 'off' },
  ];
  const row = (die: CheckedDie) => [
    die.name,
    String(die.process_nm),
    `${die.sm_count} x ${(die.blocks_mm2.sm / die.sm_count).toFixed(2)}`,
    ...DIE_BLOCKS.map((block) => whole(die.blocks_mm2[block])),
    ...[whole(die.computed_mm2), whole(die.published_mm2), signedPercent(die.error)],
  ];
  const fitted = dies.filter(({ held_out }) => !held_out).map(row);
  const others = dies.filter(({ held_out }) => held_out).map(row);
  const divider = columns.map((_, c) => (c === 0 ? 'held out' : ''));
  return renderTable(columns, [...fitted, ...(others.length > 0 ? [divider, ...others] : [])]);
}

function renderBlocks(dies: readonly CheckedDie[]): string {
  return renderTable(
    [
      { heading: 'die', align: 'left' },
      { heading: 'block', align: 'left' },
      { heading: 'per', align: 'left' },
      { heading: 'computed' },
      { heading: 'measured' },
      { heading: 'off' },
    ],
    dies.flatMap(({ name, measured }) =>
      measured.map(({ block, unit, computed_mm2, published_mm2, error }) => [
        ...[name, block, unit, computed_mm2.toFixed(2), published_mm2.toFixed(2), signedPercent(error)],
      ]),
    ),
  );
}

export function renderDies(dies: readonly CheckedDie[]): string {
  return [
    'mm2 of whole dies; those below the line "held out" gave no cost constant\n',
    renderAreas(dies),
    '\nblocks that were measured on a die photograph, mm2\n',
    renderBlocks(dies),
  ].join('\n');
}
