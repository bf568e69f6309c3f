import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kubernetesManifest } from '../../../src/cli/schedulers/kubernetes-manifest.js';
import { tempFolders } from '../../helpers/temp.js';
import { KUBERNETES_JOB } from './jobs.js';
import { argumentsOf, standIn } from './stand-in.js';

const makeFolder = tempFolders();

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    template: { spec: { containers: { command: string[]; workingDir: string }[]; [field: string]: unknown } };
    [field: string]: unknown;
  };
}

const documentsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });

/** What Kubernetes makes of a container's command: `$$` stands for a dollar. */
const expanded = (command: readonly string[]) => command.map((text) => text.replaceAll('$$', '$'));

describe('the manifest', () => {
  const job = { ...KUBERNETES_JOB, concurrent: 4, seconds: 3600, memory: { amount: 2, unit: 'G' as const } };
  const [shards, merge] = documentsOf(kubernetesManifest(job));

  it('is an Indexed Job, one index a shard', () => {
    expect(shards).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'night' },
      spec: { completionMode: 'Indexed', completions: 16, parallelism: 4, backoffLimitPerIndex: 3 },
    });
    // backoffLimitPerIndex is refused with any other restart policy.
    expect(shards!.spec.template.spec).toMatchObject({ restartPolicy: 'Never', activeDeadlineSeconds: 3600 });
  });

  it('has a merge that waits until it is told to begin', () => {
    expect(merge).toMatchObject({ kind: 'Job', metadata: { name: 'night-merge' }, spec: { suspend: true } });
    expect(merge!.spec.template.spec).not.toHaveProperty('activeDeadlineSeconds'); // which is a shard's
    expect(merge!.spec.template.spec.containers[0]!.command).toEqual(['delta-sweep', 'merge', 'results/night']);
  });

  it.each(['Complete', 'SuccessCriteriaMet Complete', 'FailureTarget Failed'])(
    'says how to begin the merge once the shards have ended: %s',
    (conditions) => {
      const lines = kubernetesManifest(job).split('\n');
      const commands = lines.flatMap((line) => /^# {3}(.*)/.exec(line)?.[1] ?? []);
      const folder = makeFolder();
      const kubectl = standIn(join(folder, 'kubectl'), `if [[ $1 == get ]]; then echo '${conditions}'; fi`);
      standIn(join(folder, 'sleep'), 'kill $PPID');
      const env = { PATH: `${folder}:/usr/bin:/bin` };
      expect(spawnSync('sh', ['-c', commands.join('\n')], { env }).status).toBe(0);
      expect(argumentsOf(kubectl).slice(0, 3)).toEqual(['patch', 'job', 'night-merge']);
    },
  );

  it('gives both the shared folder, and the same cores and memory', () => {
    for (const { spec } of [shards!, merge!])
      expect(spec.template.spec).toMatchObject({
        containers: [
          {
            image: 'example.org/delta-sweep:1.2.3',
            workingDir: '/study',
            resources: { requests: { cpu: '2', memory: '2Gi' }, limits: { cpu: '2', memory: '2Gi' } },
            volumeMounts: [{ name: 'study', mountPath: '/study' }],
          },
        ],
        volumes: [{ name: 'study', persistentVolumeClaim: { claimName: 'studies' } }],
      });
  });

  it.each(['night.yaml', "it's $(A) $HOME `x`.yaml", '- a: {b}\n#', '$$'])(
    'runs the shard of its index, of the spec %j',
    (spec) => {
      const [{ spec: jobSpec } = shards!] = documentsOf(kubernetesManifest({ ...job, spec }));
      const [program, ...args] = expanded(jobSpec.template.spec.containers[0]!.command);
      const folder = makeFolder();
      const deltaSweep = standIn(join(folder, 'delta-sweep'));
      const env = { PATH: `${folder}:/usr/bin:/bin`, JOB_COMPLETION_INDEX: '6' };
      expect(spawnSync(program!, args, { env }).status).toBe(0);
      expect(argumentsOf(deltaSweep)).toEqual([
        ...['run', spec, '--out', 'results/night', '--shard', '7/16', '--workers', '2'],
      ]);
    },
  );
});
