import type { Stream } from '../model/bottleneck.js';

/** Headings of narrow columns for streams. */
export const STREAM_HEADINGS: Record<Stream, string> = {
  compute: 'MAC',
  issue: 'issue',
  smem: 'smem',
  l1: 'L1',
  l2: 'L2',
  dram: 'DRAM',
};
