/** The simulated traffic of a layer beside that of the models. */
import { showBytes } from '../model/units.js';
import { renderTable } from './table.js';

interface OperandBytes {
  ifmap: number;
  filter: number;
}

/** Bytes read at each level, by operand. */
export type LevelBytes = Record<'l1' | 'l2' | 'dram', OperandBytes>;

/** The simulated layer and its conditions. */
export interface TraceSubject {
  gpu: string;
  network: string;
  layer: string;
  batch: number;
  cta_tile: string;
  ctas: number;
  active_ctas_per_sm: number;
  sm_count: number;
  l1_kib: number;
  l2_mib: number;
  in_step: boolean;
  seed: number;
}

const LEVELS = ['l1', 'l2', 'dram'] as const;
const OPERANDS = ['ifmap', 'filter'] as const;

const bytesJson = (bytes: LevelBytes) => ({
  l1_bytes: { ifmap: bytes.l1.ifmap, filter: bytes.l1.filter },
  l2_bytes: { ifmap: bytes.l2.ifmap, filter: bytes.l2.filter },
  dram_bytes: { ifmap: bytes.dram.ifmap, filter: bytes.dram.filter },
});

export function traceJson(
  subject: TraceSubject,
  simulation: LevelBytes & { accesses: number },
  models: Record<string, LevelBytes>,
) {
  return {
    ...subject,
    simulation: { ...bytesJson(simulation), accesses: simulation.accesses },
    models: Object.fromEntries(Object.entries(models).map(([name, bytes]) => [name, bytesJson(bytes)])),
  };
}

function ratio(model: number, truth: number): string {
  if (truth === 0) return model === 0 ? '1' : '-';
  const value = model / truth;
  return value >= 10 ? value.toFixed(1) : value.toFixed(3);
}

export function renderTrace(subject: TraceSubject, simulation: LevelBytes, models: Record<string, LevelBytes>): string {
  const names = Object.keys(models);
  const rows = LEVELS.flatMap((level) => [
    ...OPERANDS.map((operand) => [
      level === 'dram' ? 'DRAM' : level.toUpperCase(),
      operand,
      showBytes(simulation[level][operand]),
      ...names.flatMap((name) => {
        const bytes = models[name]![level][operand];
        return [showBytes(bytes), ratio(bytes, simulation[level][operand])];
      }),
    ]),
  ]);
  const table = renderTable(
    [
      { heading: 'read at', align: 'left' },
      { heading: 'operand', align: 'left' },
      { heading: 'simulated' },
      ...names.flatMap((name) => [{ heading: name }, { heading: 'ratio' }]),
    ],
    rows,
  );
  const { layer, network, batch, gpu, cta_tile, ctas, active_ctas_per_sm, sm_count, l1_kib, l2_mib, in_step } = subject;
  return [
    `${layer} of ${network}, batch ${batch}, forward, on ${gpu}`,
    `tile ${cta_tile}, ${ctas} CTAs${in_step ? ' in step' : ''}, ${active_ctas_per_sm} at once on each of ${sm_count} SMs, L1 ${l1_kib} KiB, L2 ${l2_mib} MiB`,
    '',
    table,
  ].join('\n');
}
