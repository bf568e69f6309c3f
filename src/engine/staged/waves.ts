/** The memory of the kernel's inner loops, and the loops themselves (assembly/waves.ts says what they do). */
import { readFileSync } from 'node:fs';
import { MILLI } from '../../model/units.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { STREAMS } from './resolved-work.js';

/** Designs of a block, at most; even. Small enough for rates and buckets to stay in the fast caches of the processor. */
export const MAX_BLOCK = 512;

/** Numbers of a kernel's record in `parameters`. */
export const PARAMETERS = 10;

/** What of a kernel's parameters makes its loop look at single designs. */
export const MIXED = 1;
export const LAUNCH = 2;

const BUCKETS = 8;

/** Numbers that the roots' loop may write to beyond the last one: three vectors. */
const SLACK = 6;

/** Constants of the module lie below this address. */
const FIRST_FREE = 4096;
const PAGE = 65_536;

interface Exports {
  rangesOf(arrays: number, n: number, ...pointers: number[]): void;
  waves(layers: number, n: number, ...pointers: number[]): void;
  timesOf(n: number, bottlenecks: number, buckets: number, perMs: number, ...pointers: number[]): void;
  metricsOf(n: number, bottlenecks: number, ...numbers: number[]): void;
}

/** What the designs of a block have in common of area and energy. */
export interface BlockCosts {
  /** Area of the compute block, mm2, and its busy area, mm2 x s. */
  computeMm2: number;
  busyCompute: number;
  /** Area of what the balance does not weigh. */
  restMm2: number;
  /** Joules of a run, and what a mm2 of the die takes besides, whether it works or not. */
  joules: number;
  staticWPerMm2: number;
  /** What a byte of DRAM costs besides: joules, and busy area, mm2 x s. */
  joulesPerByte: number;
  mm2sPerByte: number;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled loops, with memory for workloads of up to `kernels` GPU kernels. */
export class Waves {
  /** 1/rate^8 of smem, l1, l2, dram: `STREAMS` arrays of n designs. */
  readonly rates: Float64Array;
  readonly coefficients: Float64Array;
  /** The least and the largest of each array of `rates`. */
  readonly ranges: Float64Array;
  readonly parameters: Float64Array;
  /** Seconds by bottleneck, then their shares: `BUCKETS` arrays of n designs. */
  readonly buckets: Float64Array;
  readonly timesMs: Float64Array;
  /** Weighed area of the designs without their compute block, and its busy area (mm2 x s); then the whole die and the balance. */
  readonly areas: Float64Array;
  readonly balances: Float64Array;
  /** Joules of a run. */
  readonly energies: Float64Array;
  /** Bandwidths of DRAM; bytes of DRAM that depend on the time. */
  readonly bandwidths: Float64Array;
  readonly movedBytes: Float64Array;
  /** Powers of a layer's full waves and of its last ones, then their roots. */
  private readonly roots: Float64Array;
  private readonly seconds: Float64Array;
  private readonly exports: Exports;

  constructor(kernels: number) {
    const sizes = {
      rates: STREAMS * MAX_BLOCK,
      coefficients: kernels * STREAMS,
      ranges: 2 * STREAMS,
      parameters: kernels * PARAMETERS,
      buckets: BUCKETS * MAX_BLOCK,
      roots: 2 * MAX_BLOCK + SLACK,
      designs: 7 * MAX_BLOCK,
    };
    const bytes = FIRST_FREE + 16 * Object.values(sizes).reduce((sum, size) => sum + Math.ceil(size / 2), 0);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    let next = FIRST_FREE;
    const take = (size: number) => {
      const array = new Float64Array(memory.buffer, next, size);
      next += 16 * Math.ceil(size / 2); // whole vectors
      return array;
    };
    this.rates = take(sizes.rates);
    this.coefficients = take(sizes.coefficients);
    this.ranges = take(sizes.ranges);
    this.parameters = take(sizes.parameters);
    this.buckets = take(sizes.buckets);
    this.roots = take(sizes.roots);
    this.timesMs = take(MAX_BLOCK);
    this.areas = take(MAX_BLOCK);
    this.balances = take(MAX_BLOCK);
    this.energies = take(MAX_BLOCK);
    this.seconds = take(MAX_BLOCK);
    this.bandwidths = take(MAX_BLOCK);
    this.movedBytes = take(MAX_BLOCK);
    compiled ??= new WebAssembly.Module(readFileSync(new URL('dist/src/engine/staged/waves.wasm', PACKAGE_ROOT)));
    this.exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports;
  }

  /** Fills `ranges` from the `rates` of n designs (even). */
  findRanges(n: number): void {
    this.exports.rangesOf(STREAMS, n, this.rates.byteOffset, this.ranges.byteOffset);
  }

  /** Seconds of n designs (even), from `rates`, `coefficients` and `parameters` of some kernels; fills `buckets` and `movedBytes`. */
  waves(kernels: number, n: number, first = 0): void {
    const { rates, coefficients, parameters, roots, buckets, bandwidths, movedBytes } = this;
    const ofKernels = [coefficients.subarray(first * STREAMS), parameters.subarray(first * PARAMETERS)];
    const pointers = [rates, ...ofKernels, roots, buckets, bandwidths, movedBytes].map((array) => array.byteOffset);
    this.exports.waves(kernels, n, ...pointers);
  }

  /** Fills `timesMs` from `buckets`; `timeOnly`, where the first of them has all. */
  findTimes(n: number, timeOnly: boolean): void {
    const { buckets, seconds, timesMs } = this;
    this.exports.timesOf(n, timeOnly ? 1 : BUCKETS, buckets.byteOffset, MILLI, seconds.byteOffset, timesMs.byteOffset);
  }

  /** Turns `buckets`, `areas` and `balances` into metrics, and fills `energies`. */
  findMetrics(n: number, block: BlockCosts): void {
    const { buckets, seconds, areas, balances, energies, movedBytes } = this;
    const { computeMm2, busyCompute, restMm2, joules, staticWPerMm2, joulesPerByte, mm2sPerByte } = block;
    const costs = [computeMm2, busyCompute, restMm2, joules, staticWPerMm2, joulesPerByte, mm2sPerByte];
    const pointers = [areas, balances, energies, movedBytes].map((array) => array.byteOffset);
    this.exports.metricsOf(n, BUCKETS, buckets.byteOffset, seconds.byteOffset, ...costs, ...pointers);
  }
}
