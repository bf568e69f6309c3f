/** Jobs for tests: 16 shards of a study, for Slurm and for Kubernetes. */
import type { KubernetesJob } from '../../../src/cli/schedulers/kubernetes-manifest.js';
import type { SlurmJob } from '../../../src/cli/schedulers/slurm-script.js';

const JOB = {
  name: 'night',
  tasks: 16,
  concurrent: undefined,
  cpus: 2,
  memory: undefined,
  seconds: undefined,
  version: '1.2.3',
};

export const SLURM_JOB: SlurmJob = {
  ...JOB,
  spec: '/home/me/night.yaml',
  study: '/scratch/night',
  logs: '/scratch/night/logs',
  program: ['/usr/bin/node', '/opt/delta-sweep/dist/cli/main.js'],
  partition: undefined,
  account: undefined,
  options: [],
};

export const KUBERNETES_JOB: KubernetesJob = {
  ...JOB,
  spec: 'night.yaml',
  study: 'results/night',
  image: 'example.org/delta-sweep:1.2.3',
  claim: 'studies',
};
