/** The eighth root of many numbers at once, in AssemblyScript; docs/model.md, 11.4 says what for. */
const V128: usize = 16;

/**
 * Constants of the eighth root, twice each, since a vector holds two doubles: in memory, so that they stay in registers.
 *   0      x^(-1/8), roughly, from the bits of x: this less an eighth of them
 *   1      1
 *   2..5   (1 - e)^(-1/8) = 1 + e (c1 + e (c2 + e (c3 + e c4))), minimax for the e that the rough root leaves, |e| < 0.2344
 *   6..7   (1 - e)^(-7/8), likewise, its Taylor series: e is below 1.3e-5 by then
 */
// prettier-ignore
const ROOT = memory.data<u64>([
  0x47ed100000000000, 0x47ed100000000000,
  reinterpret<u64>(1.0), reinterpret<u64>(1.0),
  reinterpret<u64>(0.1249712850591299), reinterpret<u64>(0.1249712850591299),
  reinterpret<u64>(0.0702477927237154), reinterpret<u64>(0.0702477927237154),
  reinterpret<u64>(0.05201279359334256), reinterpret<u64>(0.05201279359334256),
  reinterpret<u64>(0.04178188970770126), reinterpret<u64>(0.04178188970770126),
  reinterpret<u64>(7.0 / 8.0), reinterpret<u64>(7.0 / 8.0),
  reinterpret<u64>(105.0 / 128.0), reinterpret<u64>(105.0 / 128.0),
]);

/**
 * Takes the eighth roots of numbers in place, within 2e-15, for positive normal numbers: a rough inverse root y from the
 * bits, made better twice by the series of (1 - e), e = 1 - x y^8.
 *
 * What takes the time is waiting for the step before: hence four vectors at once, step by step, and terms in pairs.
 *
 * @param bytes of the numbers; up to three vectors after them are written to as well
 */
export function eighthRoots(numbers: usize, bytes: usize): void {
  const bits = v128.load(ROOT), one = v128.load(ROOT + V128);
  const c1 = v128.load(ROOT + 2 * V128), c2 = v128.load(ROOT + 3 * V128);
  const c3 = v128.load(ROOT + 4 * V128), c4 = v128.load(ROOT + 5 * V128);
  const d1 = v128.load(ROOT + 6 * V128), d2 = v128.load(ROOT + 7 * V128);
  const end = numbers + bytes;
  for (let at = numbers; at < end; at += 4 * V128) {
    const x0 = v128.load(at);
    const x1 = v128.load(at + V128);
    const x2 = v128.load(at + 2 * V128);
    const x3 = v128.load(at + 3 * V128);
    let y0 = i64x2.sub(bits, i64x2.shr_u(x0, 3));
    let y1 = i64x2.sub(bits, i64x2.shr_u(x1, 3));
    let y2 = i64x2.sub(bits, i64x2.shr_u(x2, 3));
    let y3 = i64x2.sub(bits, i64x2.shr_u(x3, 3));
    let q0 = f64x2.mul(y0, y0);
    let q1 = f64x2.mul(y1, y1);
    let q2 = f64x2.mul(y2, y2);
    let q3 = f64x2.mul(y3, y3);
    q0 = f64x2.mul(q0, q0);
    q1 = f64x2.mul(q1, q1);
    q2 = f64x2.mul(q2, q2);
    q3 = f64x2.mul(q3, q3);
    let e0 = f64x2.mul(x0, q0);
    let e1 = f64x2.mul(x1, q1);
    let e2 = f64x2.mul(x2, q2);
    let e3 = f64x2.mul(x3, q3);
    e0 = f64x2.sub(one, f64x2.mul(e0, q0));
    e1 = f64x2.sub(one, f64x2.mul(e1, q1));
    e2 = f64x2.sub(one, f64x2.mul(e2, q2));
    e3 = f64x2.sub(one, f64x2.mul(e3, q3));
    const s0 = f64x2.mul(e0, e0);
    const s1 = f64x2.mul(e1, e1);
    const s2 = f64x2.mul(e2, e2);
    const s3 = f64x2.mul(e3, e3);
    let h0 = f64x2.add(f64x2.add(c2, f64x2.mul(e0, c3)), f64x2.mul(s0, c4));
    let h1 = f64x2.add(f64x2.add(c2, f64x2.mul(e1, c3)), f64x2.mul(s1, c4));
    let h2 = f64x2.add(f64x2.add(c2, f64x2.mul(e2, c3)), f64x2.mul(s2, c4));
    let h3 = f64x2.add(f64x2.add(c2, f64x2.mul(e3, c3)), f64x2.mul(s3, c4));
    const l0 = f64x2.add(one, f64x2.mul(e0, c1));
    const l1 = f64x2.add(one, f64x2.mul(e1, c1));
    const l2 = f64x2.add(one, f64x2.mul(e2, c1));
    const l3 = f64x2.add(one, f64x2.mul(e3, c1));
    y0 = f64x2.mul(y0, f64x2.add(l0, f64x2.mul(s0, h0)));
    y1 = f64x2.mul(y1, f64x2.add(l1, f64x2.mul(s1, h1)));
    y2 = f64x2.mul(y2, f64x2.add(l2, f64x2.mul(s2, h2)));
    y3 = f64x2.mul(y3, f64x2.add(l3, f64x2.mul(s3, h3)));
    q0 = f64x2.mul(y0, y0);
    q1 = f64x2.mul(y1, y1);
    q2 = f64x2.mul(y2, y2);
    q3 = f64x2.mul(y3, y3);
    const r0 = f64x2.mul(f64x2.mul(f64x2.mul(q0, q0), q0), f64x2.mul(x0, y0)); // x y^7
    const r1 = f64x2.mul(f64x2.mul(f64x2.mul(q1, q1), q1), f64x2.mul(x1, y1));
    const r2 = f64x2.mul(f64x2.mul(f64x2.mul(q2, q2), q2), f64x2.mul(x2, y2));
    const r3 = f64x2.mul(f64x2.mul(f64x2.mul(q3, q3), q3), f64x2.mul(x3, y3));
    e0 = f64x2.sub(one, f64x2.mul(r0, y0));
    e1 = f64x2.sub(one, f64x2.mul(r1, y1));
    e2 = f64x2.sub(one, f64x2.mul(r2, y2));
    e3 = f64x2.sub(one, f64x2.mul(r3, y3));
    h0 = f64x2.add(d1, f64x2.mul(e0, d2));
    h1 = f64x2.add(d1, f64x2.mul(e1, d2));
    h2 = f64x2.add(d1, f64x2.mul(e2, d2));
    h3 = f64x2.add(d1, f64x2.mul(e3, d2));
    v128.store(at, f64x2.add(r0, f64x2.mul(f64x2.mul(r0, e0), h0)));
    v128.store(at + V128, f64x2.add(r1, f64x2.mul(f64x2.mul(r1, e1), h1)));
    v128.store(at + 2 * V128, f64x2.add(r2, f64x2.mul(f64x2.mul(r2, e2), h2)));
    v128.store(at + 3 * V128, f64x2.add(r3, f64x2.mul(f64x2.mul(r3, e3), h3)));
  }
}
