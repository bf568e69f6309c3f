/** A study as an Indexed Job of Kubernetes, and a Job that merges. */
import { stringify } from 'yaml';
import type { ClusterJob } from './job.js';

export interface KubernetesJob extends ClusterJob {
  /** The container image, which has `delta-sweep` on its path. */
  image: string;
  /** The persistent volume claim that all tasks share; it holds the spec and will hold the study. */
  claim: string;
}

/** Where the claim is mounted, and where the paths of spec and study start. */
const MOUNT = '/study';

/** How often a shard, or the merge, is tried again: it resumes where it stopped. */
const RETRIES = 3;

/** A chunk takes seconds, and ends before the pod does. */
const GRACE_SECONDS = 60;

/** Kubernetes puts a variable in place of `$(NAME)`, and a dollar in place of two. */
const literal = (text: string) => text.replaceAll('$', '$$$$');

/** The template of pods that run this. */
function podTemplate({ image, claim, cpus, memory, seconds }: KubernetesJob, command: readonly string[]) {
  const resources = { cpu: String(cpus), ...(memory ? { memory: `${memory.amount}${memory.unit}i` } : {}) };
  return {
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: GRACE_SECONDS,
      ...(seconds === undefined ? {} : { activeDeadlineSeconds: seconds }),
      containers: [
        {
          name: 'delta-sweep',
          image,
          workingDir: MOUNT,
          command: command.map(literal),
          resources: { requests: resources, limits: resources },
          volumeMounts: [{ name: 'study', mountPath: MOUNT }],
        },
      ],
      volumes: [{ name: 'study', persistentVolumeClaim: { claimName: claim } }],
    },
  };
}

/** Indices start at 0, shards at 1. */
const shardCommand = ({ tasks, cpus, spec, study }: KubernetesJob) => [
  'sh',
  '-c',
  `exec delta-sweep run "$1" --out "$2" --shard "$((JOB_COMPLETION_INDEX + 1))/${tasks}" --workers ${cpus}`,
  'sh',
  spec,
  study,
];

/** Both Jobs as YAML. The merge is suspended until the shards are there. */
export function kubernetesManifest(job: KubernetesJob): string {
  const { name, tasks, concurrent = tasks, study, version } = job;
  const shards = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      completionMode: 'Indexed',
      completions: tasks,
      parallelism: concurrent,
      backoffLimitPerIndex: RETRIES,
      template: podTemplate(job, shardCommand(job)),
    },
  };
  const merge = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-merge` },
    spec: {
      suspend: true,
      backoffLimit: RETRIES,
      // The limit is that of a shard: to merge all of them may take longer.
      template: podTemplate({ ...job, seconds: undefined }, ['delta-sweep', 'merge', study]),
    },
  };
  const head = [
    `# A sweep in ${tasks} shards, each an index of a Job, and their merge (delta-sweep ${version}).`,
    `# The claim, mounted at ${MOUNT}, holds the spec and receives the study; paths are relative to it. With this in job.yaml:`,
    '#',
    '#   kubectl apply -f job.yaml',
    `#   until kubectl get job/${name} -o 'jsonpath={.status.conditions[*].type}' | grep -qwE 'Complete|Failed'; do sleep 30; done`,
    `#   kubectl patch job ${name}-merge --type=merge --patch '{"spec":{"suspend":false}}'`,
    '#',
    '# A pod that is replaced resumes its shard. If one has failed for good, the merge names its shard.',
  ];
  const documents = [shards, merge].map((document) =>
    stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  return `${head.join('\n')}\n${documents.join('---\n')}`;
}
