/** What people call a workload: `resnet152, batch 256, forward`. */
export const workloadName = ({ network, batch, pass }: { network: string; batch: number; pass: string }): string =>
  `${network}, batch ${batch}, ${pass}`;
