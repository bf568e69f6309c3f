/** What can bind a layer. The order settles exact ties. */
export const BOTTLENECKS = ['compute', 'issue', 'smem', 'l1', 'l2', 'dram', 'latency', 'launch'] as const;
export type Bottleneck = (typeof BOTTLENECKS)[number];

/** The bottlenecks that are resources with a rate, and so have a utilisation. */
export const STREAMS = ['compute', 'issue', 'smem', 'l1', 'l2', 'dram'] as const;
export type Stream = (typeof STREAMS)[number];

export type PerBottleneck = Record<Bottleneck, number>;
export type PerStream = Record<Stream, number>;

export function zeroPerBottleneck(): PerBottleneck {
  return { compute: 0, issue: 0, smem: 0, l1: 0, l2: 0, dram: 0, latency: 0, launch: 0 };
}

export function zeroPerStream(): PerStream {
  return { compute: 0, issue: 0, smem: 0, l1: 0, l2: 0, dram: 0 };
}

/** Adds `count` times the figures. Each field is named: access by a variable name is ten times as slow. */
export function addPerBottleneck(to: PerBottleneck, from: PerBottleneck, count: number): void {
  addPerStream(to, from, count);
  to.latency += count * from.latency;
  to.launch += count * from.launch;
}

/** Likewise for streams. */
export function addPerStream(to: PerStream, from: PerStream, count: number): void {
  to.compute += count * from.compute;
  to.issue += count * from.issue;
  to.smem += count * from.smem;
  to.l1 += count * from.l1;
  to.l2 += count * from.l2;
  to.dram += count * from.dram;
}

/** Figures closer together than this, relatively, are equal: what binds must not hang on the last bits of a sum. */
export const TIE = 1e-9;

/** The bottleneck with the largest figure; the first of equals. */
export function largestOf(figures: PerBottleneck): Bottleneck {
  const { compute, issue, smem, l1, l2, dram, latency, launch } = figures;
  const largest = Math.max(compute, issue, smem, l1, l2, dram, latency, launch);
  return BOTTLENECKS.find((name) => figures[name] * (1 + TIE) >= largest) ?? 'compute';
}
