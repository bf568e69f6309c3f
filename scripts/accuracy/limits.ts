/** What the figures do not cover. */
export const LIMITS = `## Limits

- Traffic was counted on one GPU and one kind of layer: 1x1, fp32. That older CTAs of an SM are faster elsewhere too is an assumption.
- Most measured layers are bound by compute or issue: what a study says of DRAM, L2 and L1 bandwidth rests on the traffic and the streams, not
  on measured times.
- Implicit GEMM only: no Winograd, FFT, direct or depthwise kernels; tiles of cuDNN 6 and 7; fp32 unless \`macs_per_instr\` says otherwise.
- An L2 of one piece: A100 and later have two, whose far half is slower.
- Layers with fewer CTAs than SMs and a long K are further off than others.
- Backward passes: see above. Figures of multi-tap backward-data and of backward-filter are orders of magnitude, not predictions.`;
