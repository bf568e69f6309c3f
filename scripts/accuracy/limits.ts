/** What the figures do not cover. */
export const LIMITS = `## Limits

- The traffic rules follow the simulation's own assumptions: CTAs in lockstep, LRU, no writes, no prefetch. Staggered CTAs move the truth itself
  by some percent, and by several times where L2 holds just the footprint of a wave; \`delta-sweep trace --stagger 50\` shows it for a layer.
- Most measured layers are bound by compute or issue: what a study says of DRAM, L2 and L1 bandwidth rests on the traffic and the streams, not
  on measured times.
- Implicit GEMM only: no Winograd, FFT, direct or depthwise kernels; tiles of cuDNN 6 and 7; fp32 unless \`macs_per_instr\` says otherwise.
- An L2 of one piece: A100 and later have two, whose far half is slower.
- Layers with fewer CTAs than SMs and a long K are further off than others.
- Backward passes: see above. Figures of multi-tap backward-data and of backward-filter are orders of magnitude, not predictions.`;
