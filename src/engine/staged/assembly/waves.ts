/**
 * The inner loops of the staged evaluator, in AssemblyScript: WebAssembly with two doubles an instruction. `../waves.ts` owns
 * the memory and says what lies where; docs/model.md, 11.4 has the equations.
 *
 * A block of designs differs in bandwidths alone. The terms of a wave add up as eighth powers, so for a layer
 *
 *   sum[i]  = the powers of the bandwidth streams of design i
 *   time[i] = count x (full waves x (sum[i] + full power)^(1/8) + (sum[i] + rest power)^(1/8) of the last wave)
 *
 * No step divides or takes a square root.
 */

import { eighthRoots } from './eighth-roots';

const F64: usize = 8;
const V128: usize = 16;

/** Bandwidth streams: smem, l1, l2, dram. */
const STREAMS: usize = 4;

/** Streams whose powers are closer than this are equal: `TIE` of the model, to the eighth power. */
const TIE8: f64 = 1.0 + 8e-9;

/** Bytes of a layer's record in `parameters`. */
const PARAMETERS: usize = 10 * F64;

const MIXED = 1;
const LAUNCH = 2;

/** The first bandwidth stream among the bottlenecks, and the launch. */
const FIRST_STREAM: usize = 2;
const LAUNCH_BUCKET: usize = 7;

@inline
function accumulate(address: usize, value: v128): void {
  v128.store(address, f64x2.add(v128.load(address), value));
}

/** Adds the seconds of some designs at an address; what is left for the others. */
@inline
function take(address: usize, seconds: v128, whose: v128): v128 {
  accumulate(address, v128.and(seconds, whose));
  return v128.andnot(seconds, whose);
}

/**
 * The least and the largest number of some arrays.
 *
 * @param n numbers of an array, even
 * @param ranges two numbers an array
 */
export function rangesOf(arrays: i32, n: i32, numbers: usize, ranges: usize): void {
  const bytes = <usize>n * F64;
  for (let a = 0; a < arrays; a++) {
    let least = v128.load(numbers);
    let largest = least;
    for (let i = V128; i < bytes; i += V128) {
      const x = v128.load(numbers + i);
      least = f64x2.pmin(least, x);
      largest = f64x2.pmax(largest, x);
    }
    store<f64>(ranges, min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)));
    store<f64>(ranges + F64, max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1)));
    numbers += bytes;
    ranges += V128;
  }
}

/** Powers of the waves of one layer: what its bandwidth streams come to, and what else full waves and the last one have. */
function powersOf(
  n: i32, rates: usize, coefficients: usize, fullPower: v128, restPower: v128, hasRest: bool, powers: usize,
): void {
  const bytes = <usize>n * F64;
  const c0 = v128.load64_splat(coefficients);
  const c1 = v128.load64_splat(coefficients + F64);
  const c2 = v128.load64_splat(coefficients + 2 * F64);
  const c3 = v128.load64_splat(coefficients + 3 * F64);
  for (let i: usize = 0; i < bytes; i += V128) {
    const rate = rates + i;
    const sum = f64x2.add(
      f64x2.add(f64x2.mul(c0, v128.load(rate)), f64x2.mul(c1, v128.load(rate + bytes))),
      f64x2.add(f64x2.mul(c2, v128.load(rate + 2 * bytes)), f64x2.mul(c3, v128.load(rate + 3 * bytes))),
    );
    v128.store(powers + i, f64x2.add(sum, fullPower));
    if (hasRest) v128.store(powers + bytes + i, f64x2.add(sum, restPower));
  }
}

/**
 * Adds up the time of a block of designs over its layers, by what binds each layer.
 *
 * A layer's parameters: power of a full wave without its bandwidth streams, power of the last wave, count x full waves x
 * size, count x CTAs of the last wave (0: none), count x call overhead, power above which a bandwidth stream binds, the
 * bottleneck that binds otherwise, flags (MIXED: some designs may be bound by bandwidth; LAUNCH: the call overhead may
 * bind), a bit a bandwidth stream that may be the largest, and bytes of DRAM where they depend on the time (0: they do not).
 *
 * @param n designs, even
 * @param rates four arrays of n: 1/rate^8 of smem, l1, l2, dram
 * @param coefficients four a layer: (bytes of a CTA)^8
 * @param roots room for two arrays of n and three vectors
 * @param buckets eight arrays of n, one a bottleneck: seconds
 * @param bandwidths of DRAM, n; `moved` gets the bytes of DRAM that depend on the time
 */
export function waves(
  layers: i32, n: i32, rates: usize, coefficients: usize, parameters: usize, roots: usize, buckets: usize,
  bandwidths: usize, moved: usize,
): void {
  const bytes = <usize>n * F64;
  memory.fill(buckets, 0, 8 * bytes);
  memory.fill(moved, 0, bytes);
  for (let layer = 0; layer < layers; layer++) {
    const full = v128.load64_splat(parameters + 2 * F64);
    const rest = v128.load64_splat(parameters + 3 * F64);
    const overhead = v128.load64_splat(parameters + 4 * F64);
    const hasRest = load<f64>(parameters + 3 * F64) > 0;
    const bucket = buckets + <usize>load<f64>(parameters + 6 * F64) * bytes;
    const flags = <i32>load<f64>(parameters + 7 * F64);
    powersOf(n, rates, coefficients, v128.load64_splat(parameters), v128.load64_splat(parameters + F64), hasRest, roots);
    eighthRoots(roots, hasRest ? 2 * bytes : bytes);
    if (load<f64>(parameters + 9 * F64) > 0) move(n, parameters, roots, bandwidths, moved);
    if (flags != 0) {
      book(n, rates, coefficients, parameters, roots, bucket, buckets);
    } else if (hasRest) {
      for (let i: usize = 0; i < bytes; i += V128) {
        const first = f64x2.mul(full, v128.load(roots + i));
        const last = f64x2.mul(rest, v128.load(roots + bytes + i));
        accumulate(bucket + i, f64x2.add(f64x2.add(first, last), overhead));
      }
    } else {
      for (let i: usize = 0; i < bytes; i += V128)
        accumulate(bucket + i, f64x2.add(f64x2.mul(full, v128.load(roots + i)), overhead));
    }
    coefficients += STREAMS * F64;
    parameters += PARAMETERS;
  }
}

/** Adds the bytes of DRAM of a layer whose CTAs drift apart: at most what the bandwidth delivers while it runs. */
function move(n: i32, parameters: usize, roots: usize, bandwidths: usize, moved: usize): void {
  const bytes = <usize>n * F64;
  const full = v128.load64_splat(parameters + 2 * F64);
  const rest = v128.load64_splat(parameters + 3 * F64);
  const hasRest = load<f64>(parameters + 3 * F64) > 0;
  const most = v128.load64_splat(parameters + 9 * F64);
  for (let i: usize = 0; i < bytes; i += V128) {
    let running = f64x2.mul(full, v128.load(roots + i));
    if (hasRest) running = f64x2.add(running, f64x2.mul(rest, v128.load(roots + bytes + i)));
    accumulate(moved + i, f64x2.pmin(most, f64x2.mul(v128.load(bandwidths + i), running)));
  }
}

/** Books the time of a layer where what binds it has to be found out design by design. */
function book(
  n: i32, rates: usize, coefficients: usize, parameters: usize, roots: usize, bucket: usize, buckets: usize,
): void {
  const bytes = <usize>n * F64;
  const tie = f64x2.splat(TIE8);
  const full = v128.load64_splat(parameters + 2 * F64);
  const rest = v128.load64_splat(parameters + 3 * F64);
  const overhead = v128.load64_splat(parameters + 4 * F64);
  const hasRest = load<f64>(parameters + 3 * F64) > 0;
  const threshold = v128.load64_splat(parameters + 5 * F64);
  const flags = <i32>load<f64>(parameters + 7 * F64);
  const present = <i32>load<f64>(parameters + 8 * F64);
  const c0 = v128.load64_splat(coefficients);
  const c1 = v128.load64_splat(coefficients + F64);
  const c2 = v128.load64_splat(coefficients + 2 * F64);
  const c3 = v128.load64_splat(coefficients + 3 * F64);
  for (let i: usize = 0; i < bytes; i += V128) {
    let running = f64x2.mul(full, v128.load(roots + i));
    if (hasRest) running = f64x2.add(running, f64x2.mul(rest, v128.load(roots + bytes + i)));
    let time = f64x2.add(running, overhead);
    if (flags & LAUNCH) {
      const launched = f64x2.gt(overhead, running);
      accumulate(buckets + LAUNCH_BUCKET * bytes + i, v128.and(time, launched));
      time = v128.andnot(time, launched);
    }
    if (flags & MIXED) {
      const p0 = f64x2.mul(c0, v128.load(rates + i));
      const p1 = f64x2.mul(c1, v128.load(rates + bytes + i));
      const p2 = f64x2.mul(c2, v128.load(rates + 2 * bytes + i));
      const p3 = f64x2.mul(c3, v128.load(rates + 3 * bytes + i));
      const top = f64x2.pmax(f64x2.pmax(p0, p1), f64x2.pmax(p2, p3));
      const wins = f64x2.gt(top, threshold);
      let won = v128.and(time, wins);
      time = v128.andnot(time, wins);
      // To the first stream within a tie of the top: each takes what none before it has taken.
      const stream = buckets + FIRST_STREAM * bytes + i;
      if (present & 1) won = take(stream, won, f64x2.ge(f64x2.mul(p0, tie), top));
      if (present & 2) won = take(stream + bytes, won, f64x2.ge(f64x2.mul(p1, tie), top));
      if (present & 4) won = take(stream + 2 * bytes, won, f64x2.ge(f64x2.mul(p2, tie), top));
      if (present & 8) won = take(stream + 3 * bytes, won, f64x2.ge(f64x2.mul(p3, tie), top));
    }
    accumulate(bucket + i, time);
  }
}

/**
 * Seconds of a block of designs, from what `waves` has found.
 *
 * @param bottlenecks how many of the buckets hold seconds, from the first one
 * @param perMs seconds of a millisecond
 */
export function timesOf(n: i32, bottlenecks: i32, buckets: usize, perMs: f64, seconds: usize, timesMs: usize): void {
  const bytes = <usize>n * F64;
  const unit = f64x2.splat(perMs);
  for (let i: usize = 0; i < bytes; i += V128) {
    let bucket = buckets + i;
    let sum = v128.load(bucket);
    for (let b = 1; b < bottlenecks; b++) sum = f64x2.add(sum, v128.load((bucket += bytes)));
    v128.store(seconds + i, sum);
    v128.store(timesMs + i, f64x2.div(sum, unit));
  }
}

/**
 * The other metrics of a block of designs. Turns seconds by bottleneck into shares of all, the area of all weighed blocks
 * but the compute block into that of the die, and the mm2 x s of it that are busy into the balance.
 *
 * @param restArea of the die, which no design of the block changes and the balance does not weigh
 * @param energy joules of a run but for what the die takes whether it works or not, `staticPower` W/mm2
 * @param energies joules of a run
 * @param moved bytes of DRAM that depend on the time, each of which costs `energyPerByte` and keeps `areaPerByte` busy
 */
export function metricsOf(
  n: i32, bottlenecks: i32, buckets: usize, seconds: usize, computeArea: f64, busyComputeArea: f64, restArea: f64,
  energy: f64, staticPower: f64, energyPerByte: f64, areaPerByte: f64, areas: usize, busyAreas: usize, energies: usize,
  moved: usize,
): void {
  const bytes = <usize>n * F64;
  const compute = f64x2.splat(computeArea);
  const busyCompute = f64x2.splat(busyComputeArea);
  const rest = f64x2.splat(restArea);
  const switching = f64x2.splat(energy);
  const leakage = f64x2.splat(staticPower);
  const perByte = f64x2.splat(energyPerByte);
  const busyPerByte = f64x2.splat(areaPerByte);
  for (let i: usize = 0; i < bytes; i += V128) {
    const second = v128.load(seconds + i);
    let bucket = buckets + i;
    for (let b = 0; b < bottlenecks; b++) {
      v128.store(bucket, f64x2.div(v128.load(bucket), second));
      bucket += bytes;
    }
    const area = f64x2.add(compute, v128.load(areas + i));
    const more = v128.load(moved + i);
    const busy = f64x2.add(f64x2.add(busyCompute, v128.load(busyAreas + i)), f64x2.mul(busyPerByte, more));
    const die = f64x2.add(area, rest);
    v128.store(areas + i, die);
    v128.store(energies + i, f64x2.add(f64x2.add(switching, f64x2.mul(perByte, more)), f64x2.mul(leakage, f64x2.mul(die, second))));
    v128.store(busyAreas + i, f64x2.div(busy, f64x2.mul(second, area)));
  }
}
