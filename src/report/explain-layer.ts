/** One layer of a design in full: enough to compute its time by hand. */
import { BOTTLENECKS, STREAMS } from '../model/bottleneck.js';
import { utilizationOf } from '../model/workload-result.js';
import type { LayerResult } from '../model/layer-model.js';
import { outHeight, outWidth } from '../model/layer.js';
import { dramReadBytes, l1Bytes, l2Bytes } from '../model/traffic/traffic.js';
import { counted, GIGA, KIB, MICRO, MILLI, showBytes, showNumber, showPercent } from '../model/units.js';
import { renderTable } from './table.js';

/** Share of a level's requested bytes that the level itself serves; 0 where a model has more bytes below than above. */
export function hitRates({ traffic }: LayerResult): { l1: number; l2: number } {
  const served = (requested: number, missed: number) => Math.max(0, 1 - missed / requested);
  return {
    l1: served(l1Bytes(traffic), l2Bytes(traffic)),
    l2: served(l2Bytes(traffic), dramReadBytes(traffic)),
  };
}

/** Microseconds; a time far below a clock cycle is shown as `<0.001`. */
const us = (seconds: number) => (seconds > 0 && seconds < 1e-9 ? '<0.001' : showNumber(seconds / MICRO));

function shapeLines({ layer, gemm, tile, tiling, pass, waves, activeCtas, flops }: LayerResult): string[] {
  const { m, n, k, groups } = gemm;
  const kib = (bytes: number) => `${showNumber(bytes / KIB)} KiB`;
  return [
    `layer      ${layer.inChannels} x ${layer.inHeight} x ${layer.inWidth} -> ${layer.outChannels} x ${outHeight(layer)} x ${outWidth(layer)}, ` +
      `filter ${layer.filterHeight}x${layer.filterWidth}, stride ${layer.strideHeight}x${layer.strideWidth}, ` +
      `padding ${layer.padHeight}x${layer.padWidth}, count ${layer.count}`,
    `GEMM       ${pass}: M ${showNumber(m)} x N ${showNumber(n)} x K ${showNumber(k)}${groups > 1 ? `, ${groups} groups` : ''}, ${showNumber(flops / GIGA)} GFLOP`,
    `CTA tile   ${tile.name}: ${tile.threads} threads, ${kib(tile.registerBytes)} of registers, ${kib(tile.smemBytes)} of shared memory`,
    `CTAs       ${showNumber(tiling.ctas)} = ${counted(tiling.rows, 'row')} x ${counted(tiling.columns, 'column')}${groups > 1 ? ` x ${groups} groups` : ''}${tiling.split > 1 ? ` x ${tiling.split} parts of K` : ''}, ${counted(tiling.loops, 'loop')} each`,
    `occupancy  ${counted(activeCtas, 'CTA')} an SM at once; the busiest SM runs ${showNumber(waves.ctasPerSm)}: ${counted(waves.full, 'wave')} of ${waves.size}` +
      (waves.rest > 0 ? ` and a last one of ${waves.rest}` : ''),
  ];
}

function trafficTable(result: LayerResult): string {
  const { l1, l2, dram, written = dram.ofmap, inStep } = result.traffic;
  const hits = hitRates(result);
  return renderTable(
    [
      { heading: 'level', align: 'left' },
      { heading: 'IFmap' },
      { heading: 'filter' },
      { heading: 'OFmap' },
      { heading: 'serves' },
      { heading: 'busy' },
    ],
    [
      [
        'L1',
        showBytes(l1.ifmap),
        showBytes(l1.filter),
        '-',
        showPercent(hits.l1),
        showPercent(utilizationOf(result).l1),
      ],
      [
        'L2',
        showBytes(l2.ifmap),
        showBytes(l2.filter),
        showBytes(written),
        showPercent(hits.l2),
        showPercent(utilizationOf(result).l2),
      ],
      [
        'DRAM',
        showBytes(dram.ifmap),
        showBytes(dram.filter),
        showBytes(dram.ofmap),
        '-',
        showPercent(utilizationOf(result).dram),
      ],
      // what the time depends on: CTAs that wait for DRAM run in step
      ...(inStep
        ? [['in step', showBytes(inStep.ifmap), showBytes(inStep.filter), showBytes(dram.ofmap), '-', '-']]
        : []),
    ],
  );
}

function streamTable(result: LayerResult): string {
  const used = utilizationOf(result);
  const rows = BOTTLENECKS.filter((name) => result.cta[name] > 0 || result.bound[name] > 0).map((name) => [
    name,
    result.cta[name] > 0 ? us(result.cta[name]) : '-',
    result.cta[name] > 0 ? us((name === 'latency' ? 1 : result.waves.size) * result.cta[name]) : '-',
    (STREAMS as readonly string[]).includes(name) ? showPercent(used[name as (typeof STREAMS)[number]]) : '-',
    us(result.bound[name]),
    showPercent(result.bound[name] / result.seconds),
    name === result.bottleneck ? '<- binds' : '',
  ]);
  return renderTable(
    [
      { heading: '\nstream', align: 'left' },
      { heading: 'one CTA\nus' },
      { heading: 'full wave\nus' },
      { heading: '\nbusy' },
      { heading: 'decides\nus' },
      { heading: 'of the\ntime' },
      { heading: '\n', align: 'left' },
    ],
    rows,
  );
}

/** One layer in one pass, in full. */
export function renderLayer(result: LayerResult): string {
  const around = Object.entries(result.around).map(([name, seconds]) => `${name.replace('_', ' ')} ${us(seconds)} us`);
  return [
    `${result.layer.name}, ${result.pass}: ${showNumber(result.seconds / MILLI)} ms`,
    '',
    ...shapeLines(result),
    '',
    trafficTable(result),
    '',
    streamTable(result),
    ...(around.length > 0 ? ['', `around the main loop of every wave: ${around.join(', ')}`] : []),
  ].join('\n');
}
