/** The built-in GPUs and networks as tables and JSON. */
import { DIE_FIELDS, type GpuSpec } from '../model/gpu.js';
import {
  convolutionCount,
  forwardGemm,
  macsOf,
  macsPerImage,
  outHeight,
  outWidth,
  type Layer,
  type Network,
} from '../model/layer.js';
import { RESOURCES } from '../model/resources.js';
import { GIGA, showNumber } from '../model/units.js';
import { renderTable, wrap } from './table.js';

/** Fields of a GPU file that are not axes, with their units. */
const FIXED_FIELDS = [
  ['max_threads', '1'],
  ['max_ctas', '1'],
  ['kernel_generation', '-'],
  ['call_overhead_us', 'us'],
  ['process_nm', 'nm'],
  ...DIE_FIELDS.map(({ id, unit }) => [id, unit] as const),
  ['memory', '-'],
  ['memory_channels', '1'],
] as const;

export function renderGpus(gpus: readonly GpuSpec[]): string {
  return renderTable(
    [
      { heading: 'id', align: 'left' },
      { heading: 'name', align: 'left' },
      { heading: 'SMs' },
      { heading: 'GHz' },
      { heading: 'MAC/clk' },
      { heading: 'TFLOP/s' },
      { heading: 'L2 MiB' },
      { heading: 'L2 GB/s' },
      { heading: 'DRAM GB/s' },
    ],
    gpus.map((gpu) => [
      gpu.id,
      gpu.name,
      ...[gpu.sm_count, gpu.clock_ghz, gpu.macs_per_clk].map(showNumber),
      showNumber((2 * gpu.sm_count * gpu.clock_ghz * gpu.macs_per_clk) / 1000),
      ...[gpu.l2_mib, gpu.l2_gbps, gpu.dram_gbps].map(showNumber),
    ]),
  );
}

export function renderGpu(gpu: GpuSpec): string {
  const fields = [...RESOURCES.map(({ id, unit }) => [id, unit] as const), ...FIXED_FIELDS];
  const table = renderTable(
    [
      { heading: 'field', align: 'left' },
      { heading: 'value' },
      { heading: 'unit', align: 'left' },
      { heading: 'source', align: 'left' },
    ],
    fields.flatMap(([field, unit]) => {
      const value = gpu[field];
      if (value === undefined) return [];
      const shown = typeof value === 'number' ? showNumber(value) : value;
      return [[field, shown, unit, wrap(gpu.sources?.[field] ?? 'no source', 58)]];
    }),
  );
  return `${gpu.name} (${gpu.id})\n\n${table}`;
}

export function networkJson(network: Network) {
  return {
    name: network.name,
    convolutions: convolutionCount(network),
    distinct_layers: network.layers.length,
    macs_per_image: macsPerImage(network),
    layers: network.layers.map((layer) => ({
      name: layer.name,
      count: layer.count,
      in_channels: layer.inChannels,
      in_height: layer.inHeight,
      in_width: layer.inWidth,
      out_channels: layer.outChannels,
      out_height: outHeight(layer),
      out_width: outWidth(layer),
      filter: [layer.filterHeight, layer.filterWidth],
      stride: [layer.strideHeight, layer.strideWidth],
      padding: [layer.padHeight, layer.padWidth],
      groups: layer.groups,
      macs_per_image: macsOf(forwardGemm(layer, 1)),
    })),
  };
}

export function renderNetworks(networks: readonly Network[]): string {
  return renderTable(
    [
      { heading: 'name', align: 'left' },
      { heading: 'convolutions' },
      { heading: 'distinct' },
      { heading: 'input', align: 'left' },
      { heading: 'MACs per image' },
    ],
    networks.map((network) => {
      const input = network.layers[0]!;
      return [
        network.name,
        showNumber(convolutionCount(network)),
        showNumber(network.layers.length),
        `${input.inChannels} x ${input.inHeight} x ${input.inWidth}`,
        showNumber(macsPerImage(network)),
      ];
    }),
  );
}

const pair = (a: number, b: number) => (a === b ? String(a) : `${a}x${b}`);

export function renderNetwork(network: Network): string {
  const row = (layer: Layer) => [
    layer.name,
    String(layer.count),
    `${layer.inChannels} x ${layer.inHeight} x ${layer.inWidth}`,
    `${layer.outChannels} x ${outHeight(layer)} x ${outWidth(layer)}`,
    pair(layer.filterHeight, layer.filterWidth),
    pair(layer.strideHeight, layer.strideWidth),
    pair(layer.padHeight, layer.padWidth),
    String(layer.groups),
    showNumber(macsOf(forwardGemm(layer, 1)) / GIGA),
  ];
  const table = renderTable(
    [
      { heading: 'layer', align: 'left' },
      { heading: 'count' },
      { heading: 'IFmap' },
      { heading: 'OFmap' },
      { heading: 'filter' },
      { heading: 'stride' },
      { heading: 'pad' },
      { heading: 'groups' },
      { heading: 'GMACs' },
    ],
    network.layers.map(row),
  );
  return `${network.name}: ${showNumber(macsPerImage(network))} multiply-accumulates per image\n\n${table}`;
}
