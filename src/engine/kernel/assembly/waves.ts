/**
 * The inner loops of the staged kernel, in AssemblyScript: WebAssembly with two doubles an instruction. `../waves.ts` owns
 * the memory and says what lies where; docs/model.md, 11.4 has the equations.
 *
 * A block of designs differs in bandwidths alone. The terms of a wave add up as eighth powers, so for a layer
 *
 *   sum[i]  = the powers of the bandwidth streams of design i
 *   time[i] = count x (full waves x (sum[i] + full power)^(1/8) + (sum[i] + rest power)^(1/8) of the last wave)
 *
 * No step divides or takes a square root.
 */

const F64: usize = 8;
const V128: usize = 16;

/** Bandwidth streams: smem, l1, l2, dram. */
const STREAMS: usize = 4;

/** Streams whose powers are closer than this are equal: `TIE` of the model, to the eighth power. */
const TIE8: f64 = 1.0 + 8e-9;

/** Bytes of a layer's record in `parameters`. */
const PARAMETERS: usize = 9 * F64;

const MIXED = 1;
const LAUNCH = 2;

/** The first bandwidth stream among the bottlenecks, and the launch. */
const FIRST_STREAM: usize = 2;
const LAUNCH_BUCKET: usize = 7;

/**
 * Constants of the eighth root, twice each, since a vector holds two doubles: in memory, so that they stay in registers.
 *   0      x^(-1/8), roughly, from the bits of x: this less an eighth of them
 *   1      1
 *   2..4   (1 - e)^(-1/8) = 1 + e (c1 + e (c2 + e c3)), minimax for the e that the rough root leaves, |e| < 0.2341
 *   5..7   (1 - e)^(-7/8), likewise, its Taylor series: e is below 2e-4 by then
 */
// prettier-ignore
const ROOT = memory.data<u64>([
  0x47ed100000000000, 0x47ed100000000000,
  reinterpret<u64>(1.0), reinterpret<u64>(1.0),
  reinterpret<u64>(0.12495620067127647), reinterpret<u64>(0.12495620067127647),
  reinterpret<u64>(0.0721050230938083), reinterpret<u64>(0.0721050230938083),
  reinterpret<u64>(0.05260404291671815), reinterpret<u64>(0.05260404291671815),
  reinterpret<u64>(7.0 / 8.0), reinterpret<u64>(7.0 / 8.0),
  reinterpret<u64>(105.0 / 128.0), reinterpret<u64>(105.0 / 128.0),
  reinterpret<u64>(805.0 / 1024.0), reinterpret<u64>(805.0 / 1024.0),
]);

/** x^(1/8) within 1e-15, for positive normal x: a rough inverse root y from the bits, made better twice by the series of (1 - e), e = 1 - x y^8. */
@inline
function eighthRoot(
  x: v128, bits: v128, one: v128, a1: v128, a2: v128, a3: v128, b1: v128, b2: v128, b3: v128,
): v128 {
  let y = i64x2.sub(bits, i64x2.shr_u(x, 3));
  let y2 = f64x2.mul(y, y);
  let y4 = f64x2.mul(y2, y2);
  let e = f64x2.sub(one, f64x2.mul(x, f64x2.mul(y4, y4)));
  let c = f64x2.add(f64x2.mul(e, a3), a2);
  c = f64x2.add(f64x2.mul(c, e), a1);
  y = f64x2.add(y, f64x2.mul(y, f64x2.mul(c, e)));
  y2 = f64x2.mul(y, y);
  y4 = f64x2.mul(y2, y2);
  const root = f64x2.mul(f64x2.mul(y4, y2), f64x2.mul(x, y)); // x y^7
  e = f64x2.sub(one, f64x2.mul(root, y));
  c = f64x2.add(f64x2.mul(e, b3), b2);
  c = f64x2.add(f64x2.mul(c, e), b1);
  return f64x2.add(root, f64x2.mul(root, f64x2.mul(c, e)));
}

@inline
function accumulate(address: usize, value: v128): void {
  v128.store(address, f64x2.add(v128.load(address), value));
}

/** Powers of the bandwidth streams of the designs at `rate`, added up; the arrays of the rates are `bytes` long. */
@inline
function sumOf(c0: v128, c1: v128, c2: v128, c3: v128, rate: usize, bytes: usize): v128 {
  return f64x2.add(
    f64x2.add(f64x2.mul(c0, v128.load(rate)), f64x2.mul(c1, v128.load(rate + bytes))),
    f64x2.add(f64x2.mul(c2, v128.load(rate + 2 * bytes)), f64x2.mul(c3, v128.load(rate + 3 * bytes))),
  );
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
      least = f64x2.min(least, x);
      largest = f64x2.max(largest, x);
    }
    store<f64>(ranges, min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)));
    store<f64>(ranges + F64, max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1)));
    numbers += bytes;
    ranges += V128;
  }
}

/**
 * Adds up the time of a block of designs over its layers, by what binds each layer.
 *
 * A layer's parameters: power of a full wave without its bandwidth streams, power of the last wave, count x full waves x
 * size, count x CTAs of the last wave (0: none), count x call overhead, power above which a bandwidth stream binds, the
 * bottleneck that binds otherwise, flags (MIXED: some designs may be bound by bandwidth; LAUNCH: the call overhead may
 * bind), and a bit a bandwidth stream that may be the largest.
 *
 * @param n designs, even
 * @param rates four arrays of n: 1/rate^8 of smem, l1, l2, dram
 * @param coefficients four a layer: (bytes of a CTA)^8
 * @param buckets eight arrays of n, one a bottleneck: seconds
 */
export function waves(
  layers: i32, n: i32, rates: usize, coefficients: usize, parameters: usize, buckets: usize,
): void {
  const bits = v128.load(ROOT), one = v128.load(ROOT + V128);
  const a1 = v128.load(ROOT + 2 * V128), a2 = v128.load(ROOT + 3 * V128), a3 = v128.load(ROOT + 4 * V128);
  const b1 = v128.load(ROOT + 5 * V128), b2 = v128.load(ROOT + 6 * V128), b3 = v128.load(ROOT + 7 * V128);
  const tie = f64x2.splat(TIE8);
  const bytes = <usize>n * F64;
  const end = rates + bytes;
  memory.fill(buckets, 0, 8 * bytes);
  for (let layer = 0; layer < layers; layer++) {
    const c0 = v128.load64_splat(coefficients);
    const c1 = v128.load64_splat(coefficients + F64);
    const c2 = v128.load64_splat(coefficients + 2 * F64);
    const c3 = v128.load64_splat(coefficients + 3 * F64);
    const fullPower = v128.load64_splat(parameters);
    const restPower = v128.load64_splat(parameters + F64);
    const full = v128.load64_splat(parameters + 2 * F64);
    const rest = v128.load64_splat(parameters + 3 * F64);
    const overhead = v128.load64_splat(parameters + 4 * F64);
    const hasRest = load<f64>(parameters + 3 * F64) > 0;
    let bucket = buckets + <usize>load<f64>(parameters + 6 * F64) * bytes;
    const flags = <i32>load<f64>(parameters + 7 * F64);
    if (flags == 0 && hasRest) {
      for (let rate = rates; rate < end; rate += V128) {
        const sum = sumOf(c0, c1, c2, c3, rate, bytes);
        const first = f64x2.mul(full, eighthRoot(f64x2.add(sum, fullPower), bits, one, a1, a2, a3, b1, b2, b3));
        const last = f64x2.mul(rest, eighthRoot(f64x2.add(sum, restPower), bits, one, a1, a2, a3, b1, b2, b3));
        accumulate(bucket, f64x2.add(f64x2.add(first, last), overhead));
        bucket += V128;
      }
    } else if (flags == 0) {
      for (let rate = rates; rate < end; rate += V128) {
        const sum = sumOf(c0, c1, c2, c3, rate, bytes);
        const first = f64x2.mul(full, eighthRoot(f64x2.add(sum, fullPower), bits, one, a1, a2, a3, b1, b2, b3));
        accumulate(bucket, f64x2.add(first, overhead));
        bucket += V128;
      }
    } else {
      const threshold = v128.load64_splat(parameters + 5 * F64);
      const present = <i32>load<f64>(parameters + 8 * F64);
      let streams = buckets + FIRST_STREAM * bytes;
      for (let rate = rates; rate < end; rate += V128) {
        const sum = sumOf(c0, c1, c2, c3, rate, bytes);
        let running = f64x2.mul(full, eighthRoot(f64x2.add(sum, fullPower), bits, one, a1, a2, a3, b1, b2, b3));
        if (hasRest)
          running = f64x2.add(
            running,
            f64x2.mul(rest, eighthRoot(f64x2.add(sum, restPower), bits, one, a1, a2, a3, b1, b2, b3)),
          );
        let time = f64x2.add(running, overhead);
        if (flags & LAUNCH) {
          const launched = f64x2.gt(overhead, running);
          accumulate(streams + (LAUNCH_BUCKET - FIRST_STREAM) * bytes, v128.and(time, launched));
          time = v128.andnot(time, launched);
        }
        if (flags & MIXED) {
          const p0 = f64x2.mul(c0, v128.load(rate));
          const p1 = f64x2.mul(c1, v128.load(rate + bytes));
          const p2 = f64x2.mul(c2, v128.load(rate + 2 * bytes));
          const p3 = f64x2.mul(c3, v128.load(rate + 3 * bytes));
          const top = f64x2.max(f64x2.max(p0, p1), f64x2.max(p2, p3));
          const wins = f64x2.gt(top, threshold);
          let won = v128.and(time, wins);
          time = v128.andnot(time, wins);
          // To the first stream within a tie of the top: each takes what none before it has taken.
          if (present & 1) won = take(streams, won, f64x2.ge(f64x2.mul(p0, tie), top));
          if (present & 2) won = take(streams + bytes, won, f64x2.ge(f64x2.mul(p1, tie), top));
          if (present & 4) won = take(streams + 2 * bytes, won, f64x2.ge(f64x2.mul(p2, tie), top));
          if (present & 8) won = take(streams + 3 * bytes, won, f64x2.ge(f64x2.mul(p3, tie), top));
        }
        accumulate(bucket, time);
        bucket += V128;
        streams += V128;
      }
    }
    coefficients += STREAMS * F64;
    parameters += PARAMETERS;
  }
}
