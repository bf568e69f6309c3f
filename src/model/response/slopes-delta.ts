/** How the time of `delta` responds to rates and latencies: the derivatives of its own terms (docs/model.md, 5.5). */
import { TIE } from '../bottleneck.js';
import type { Gpu } from '../gpu.js';
import type { LayerResult, Slopes } from '../layer-model.js';
import { gathersTaps } from '../layer.js';
import type { RateId } from '../resources.js';
import { DELTA_CONSTANTS, instructionMix, loopWork } from '../time-delta.js';
import { even, type Sides } from './sides.js';

/** Whether a is larger than b just after it fell, and just after it grew, all else equal. */
const exceeds = (a: number, b: number) => ({ fallen: a > b * (1 + TIE), grown: a * (1 + TIE) >= b });

/** A part of the slope that counts on either side, or does not. */
const counted = (value: number, down: boolean, up: boolean): Sides => ({ down: down ? value : 0, up: up ? value : 0 });

/** -d(seconds)/d(ln x) of a layer. A wave is a p-norm: a term's relative change counts with what the term decides of it. */
export function slopesDelta(result: LayerResult, gpu: Gpu): Slopes {
  const { layer, pass, tile, gemm, tiling, cta, bound } = result;
  const { loops } = tiling;
  const work = loopWork(tile, gemm, tiling, gathersTaps(layer, pass));
  const { fmaClks, issueSlots, prologueClks, storeClks, warpsPerScheduler } = instructionMix(tile, work, gpu);
  /** Seconds that clocks of a CTA's issue, and of its life, decide. */
  const ofIssue = (clks: number) => (bound.issue * clks) / gpu.clockHz / cta.issue;
  const ofLife = (clks: number) => (bound.latency * clks) / gpu.clockHz / cta.latency;

  const fma = work.warpMacs / gpu.macsPerInstr;
  const indexPart = work.index / (fma + work.index);
  const turns = loops * Math.max(warpsPerScheduler, 1);
  const loopClks = turns * Math.max(fmaClks, issueSlots);
  const loop = ofLife(loopClks);
  // Which of the two a turn of the loop waits for, and whether a scheduler has several warps of the CTA.
  const waitsForFma = exceeds(fmaClks, issueSlots);
  const hasSeveral = exceeds(warpsPerScheduler, 1);
  const clocked = loopClks + loops * DELTA_CONSTANTS.syncClks + prologueClks + storeClks;

  const macs = counted(loop, waitsForFma.grown, waitsForFma.fallen);
  // A wider instruction takes index arithmetic along; of all others there are fewer.
  const ofTurn = (isFma: boolean) => (isFma ? -indexPart * loop : ofLife(turns * fma));
  const perInstr = ofIssue(loops * warpsPerScheduler * fma) - bound.compute * indexPart;
  const perIssue = ofIssue(loops * warpsPerScheduler * issueSlots + prologueClks) + ofLife(prologueClks);
  const turnsSaved = counted(loop, hasSeveral.grown, hasSeveral.fallen);
  const lanesLost = counted(loop, waitsForFma.fallen, waitsForFma.grown);

  return {
    clock_ghz: even(bound.compute + bound.issue + ofLife(clocked)),
    macs_per_clk: { down: bound.compute + macs.down, up: bound.compute + macs.up },
    macs_per_instr: { down: perInstr + ofTurn(waitsForFma.fallen), up: perInstr + ofTurn(waitsForFma.grown) },
    issue_per_clk: {
      down: perIssue + turnsSaved.down - lanesLost.down,
      up: perIssue + turnsSaved.up - lanesLost.up,
    },
    smem_gbps: even(bound.smem),
    l1_gbps: even(bound.l1),
    l2_gbps: even(bound.l2),
    dram_gbps: even(bound.dram),
    l1_ns: even(0),
    l2_ns: even((-bound.latency * loops * gpu.l2LatencyS) / cta.latency),
    dram_ns: even((-bound.latency * 2 * gpu.dramLatencyS) / cta.latency),
  };
}

/** The value of a rate at which instructions of memory begin, or cease, to be issued beside the FMA pipe: where c of equation 75 is 1. */
export function dualIssueLimit(rate: RateId, gpu: Gpu): number | undefined {
  switch (rate) {
    case 'macs_per_clk':
      return gpu.issuePerClk * gpu.macsPerInstr;
    case 'macs_per_instr':
      return gpu.macsPerClk / gpu.issuePerClk;
    case 'issue_per_clk':
      return gpu.macsPerClk / gpu.macsPerInstr;
    default:
      return undefined;
  }
}
