import type { PerBottleneck, PerStream } from './bottleneck.js';

/** How the CTAs of a layer run on the busiest SM. */
export interface Waves {
  /** CTAs that the SM runs in all: ceil(CTAs/SMs). */
  ctasPerSm: number;
  /** CTAs at a time: what fits, at most all. */
  size: number;
  full: number;
  /** CTAs of the last wave, where they do not fill it; 0 if they do. */
  rest: number;
}

/** Waves of `ctas` CTAs over the SMs, `active` at a time (docs/model.md, 4.3). */
export function wavesOf(ctas: number, smCount: number, active: number): Waves {
  const ctasPerSm = Math.ceil(ctas / smCount);
  const size = Math.min(active, ctasPerSm);
  const rest = ctasPerSm % size;
  return { ctasPerSm, size, full: (ctasPerSm - rest) / size, rest };
}

/** Time of one occurrence of a layer, and where it goes; seconds. */
export interface LayerTime {
  seconds: number;
  /** How long each stream was busy, averaged over the SMs: at most `seconds`. */
  busy: PerStream;
  /** The part of `seconds` that each bottleneck decides; they add up to `seconds`. */
  bound: PerBottleneck;
  /** -d(seconds)/d(ln rate) of each stream's rate; compute and issue are taken to grow together. */
  elastic: PerStream;
  waves: Waves;
  /** Seconds of one CTA on each stream; `latency` is its life when it is alone. */
  cta: PerBottleneck;
  /** What the model adds to every wave before and after its main loop, by name: seconds of one CTA. */
  around: Record<string, number>;
}
