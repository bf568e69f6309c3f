/** Bounds of the time of the model `delta` (docs/model.md, 16.1 and 16.2). */
import { COEFFICIENTS, CONSTANTS, FIELD, type Context } from '../../model/contexts.js';
import { eighth, eighthRoot } from '../../model/powers.js';
import { DELTA_CONSTANTS } from '../../model/time-delta.js';
import { AT, type Cell, type Ranges } from './cell.js';

const { clockHz, macsPerClk, macsPerInstr, issuePerClk, smemBytesPerS, l1BytesPerS, l2BytesPerS, dramBytesPerS } = AT;
const { loopInstructions, prologueSlots, syncClks } = DELTA_CONSTANTS;

/** The share of memory instructions that take an issue slot: the least over the ranges. */
function memoryShare({ least, most }: Ranges): number {
  const clksPerFma = (32 * least[issuePerClk]!) / ((most[macsPerClk]! * 32) / least[macsPerInstr]!);
  return clksPerFma <= 1 ? 0.5 : 1;
}

export class DeltaCell implements Cell {
  private readonly layers: number;

  /** @param work the context, which the bounds are worked out from */
  constructor(readonly work: Context) {
    this.layers = work.constants.length / CONSTANTS;
  }

  leastSeconds(ranges: Ranges): number {
    const { constants, coefficients } = this.work;
    const { least, most } = ranges;
    const share = memoryShare(ranges);
    const instr = least[macsPerInstr]!;
    const macs = most[macsPerClk]!;
    const issueRate = most[issuePerClk]!;
    const clock = most[clockHz]!;
    const l2Latency = least[AT.l2LatencyS]!;
    const dramLatency = 2 * least[AT.dramLatencyS]!;
    const smem = eighth(1 / most[smemBytesPerS]!);
    const l1 = eighth(1 / most[l1BytesPerS]!);
    const l2 = eighth(1 / most[l2BytesPerS]!);
    const dram = eighth(1 / most[dramBytesPerS]!);
    let seconds = 0;
    for (let p = 0, c = 0, s = 0; p < this.layers; p++, c += CONSTANTS, s += COEFFICIENTS) {
      const loops = constants[c + FIELD.loops]!;
      const allWarps = constants[c + FIELD.warps]!;
      const warps = allWarps / issueRate;
      const warpMacs = constants[c + FIELD.warpMacs]!;
      const index = constants[c + FIELD.index]!;
      // multiplier clocks of a warp times macs_per_clk
      const lanes = (warpMacs + index * instr) / macs;
      const slots = warpMacs / most[macsPerInstr]! + index + loopInstructions + constants[c + FIELD.memory]! * share;
      const around = warps * prologueSlots + constants[c + FIELD.storeClks]!;
      const compute = (loops * allWarps * lanes) / clock;
      const issue = (warps * loops * slots + around) / clock;
      // max(W, 1) max(fma, slots), each of its products at its least
      const loop = Math.max(allWarps * lanes, lanes * least[issuePerClk]!, Math.max(warps, 1) * slots);
      const life = (loops * (loop + syncClks) + around) / clock + loops * l2Latency + dramLatency;
      const streams =
        eighth(compute) +
        eighth(issue) +
        coefficients[s]! * smem +
        coefficients[s + 1]! * l1 +
        coefficients[s + 2]! * l2 +
        coefficients[s + 3]! * dram;
      const life8 = eighth(life);
      seconds +=
        constants[c + FIELD.full]! * eighthRoot(streams + life8 * constants[c + FIELD.size8]!) +
        constants[c + FIELD.overheads]!;
      const rest = constants[c + FIELD.rest]!;
      if (rest > 0) seconds += rest * eighthRoot(streams + life8 * constants[c + FIELD.rest8]!);
    }
    return seconds;
  }

  tangentAt(point: Float64Array, ranges: Ranges, slopes: Float64Array): number {
    const { constants, coefficients } = this.work;
    const share = memoryShare(ranges);
    const instr = point[macsPerInstr]!;
    const macs = point[macsPerClk]!;
    const issueRate = point[issuePerClk]!;
    const clock = point[clockHz]!;
    const l2Latency = ranges.least[AT.l2LatencyS]!;
    const dramLatency = 2 * ranges.least[AT.dramLatencyS]!;
    const smem = eighth(1 / point[smemBytesPerS]!);
    const l1 = eighth(1 / point[l1BytesPerS]!);
    const l2 = eighth(1 / point[l2BytesPerS]!);
    const dram = eighth(1 / point[dramBytesPerS]!);
    let seconds = 0;
    // seconds that each rate decides: -dT/d ln rate
    let [ofClock, ofMacs, ofInstr, ofIssue, ofSmem, ofL1, ofL2, ofDram] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let p = 0, c = 0, s = 0; p < this.layers; p++, c += CONSTANTS, s += COEFFICIENTS) {
      const loops = constants[c + FIELD.loops]!;
      const allWarps = constants[c + FIELD.warps]!;
      const warps = allWarps / issueRate;
      const warpMacs = constants[c + FIELD.warpMacs]!;
      const index = constants[c + FIELD.index]!;
      const lanes = (warpMacs + index * instr) / macs;
      const ofIndex = (index * instr) / (warpMacs + index * instr); // d ln lanes/d ln macs_per_instr
      const fma = lanes * issueRate;
      const slots = warpMacs / instr + index + loopInstructions + constants[c + FIELD.memory]! * share;
      const prologue = warps * prologueSlots;
      const around = prologue + constants[c + FIELD.storeClks]!;
      const compute = (loops * allWarps * lanes) / clock;
      const issueClks = warps * loops * slots + around;
      const issue = issueClks / clock;
      const loop = loops * Math.max(warps, 1) * Math.max(fma, slots);
      const lifeClks = loop + loops * syncClks + around;
      const life = lifeClks / clock + loops * l2Latency + dramLatency;

      const compute8 = eighth(compute);
      const issue8 = eighth(issue);
      const life8 = eighth(life);
      const smem8 = coefficients[s]! * smem;
      const l18 = coefficients[s + 1]! * l1;
      const l28 = coefficients[s + 2]! * l2;
      const dram8 = coefficients[s + 3]! * dram;
      const streams = compute8 + issue8 + smem8 + l18 + l28 + dram8;
      const size8 = constants[c + FIELD.size8]!;
      const fullPower = streams + life8 * size8;
      const full = constants[c + FIELD.full]! * eighthRoot(fullPower);
      // seconds a unit of power: of streams, and of the life
      let weight = full / fullPower;
      let lifeWeight = weight * size8;
      seconds += full + constants[c + FIELD.overheads]!;
      const restCtas = constants[c + FIELD.rest]!;
      if (restCtas > 0) {
        const rest8 = constants[c + FIELD.rest8]!;
        const restPower = streams + life8 * rest8;
        const rest = restCtas * eighthRoot(restPower);
        seconds += rest;
        weight += rest / restPower;
        lifeWeight += (rest / restPower) * rest8;
      }
      ofSmem += weight * smem8;
      ofL1 += weight * l18;
      ofL2 += weight * l28;
      ofDram += weight * dram8;
      const computeS = weight * compute8;
      const issueS = weight * issue8;
      const lifeS = lifeWeight * life8; // seconds of T that a unit of ln life is worth
      const perLifeClk = lifeS / (life * clock);
      ofClock += computeS + issueS + perLifeClk * lifeClks;
      ofMacs += computeS;
      ofInstr += issueS * ((warps * loops * (warpMacs / instr)) / issueClks) - computeS * ofIndex;
      ofIssue += issueS * ((warps * loops * slots + prologue) / issueClks) + perLifeClk * prologue;
      if (warps > 1) ofIssue += perLifeClk * loop;
      if (fma >= slots) {
        ofMacs += perLifeClk * loop;
        ofIssue -= perLifeClk * loop;
        ofInstr -= perLifeClk * loop * ofIndex;
      } else ofInstr += (perLifeClk * loop * (warpMacs / instr)) / slots;
    }
    slopes[clockHz] = ofClock / seconds;
    slopes[macsPerClk] = ofMacs / seconds;
    slopes[macsPerInstr] = ofInstr / seconds;
    slopes[issuePerClk] = ofIssue / seconds;
    slopes[smemBytesPerS] = ofSmem / seconds;
    slopes[l1BytesPerS] = ofL1 / seconds;
    slopes[l2BytesPerS] = ofL2 / seconds;
    slopes[dramBytesPerS] = ofDram / seconds;
    return seconds;
  }
}
