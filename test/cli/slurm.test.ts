/** `slurm`, as users call it; test/slurm/ submits what it prints. */
import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kubernetesJob, slurmJob, type ClusterArguments } from '../../src/cli/cluster-arguments.js';
import { argumentsOf, standIn } from './schedulers/stand-in.js';
import { deltaSweep, MAIN, printed, start } from '../helpers/command.js';
import { NIGHT } from '../helpers/crash.js';
import { writeSpec } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

/** What `slurm SPEC --tasks 2` is given. */
const DEFAULTS: Omit<ClusterArguments, 'spec'> = {
  tasks: 2,
  'cpus-per-task': 1,
  submit: false,
  format: 'slurm',
  concurrent: undefined,
  memory: undefined,
  time: undefined,
  partition: undefined,
  account: undefined,
  'job-name': undefined,
  sbatch: undefined,
  out: undefined,
  image: undefined,
  claim: undefined,
};

/** 48 chunks. */
function folderWithSpec(): string {
  const folder = makeFolder();
  writeSpec(folder, NIGHT);
  return folder;
}

describe('slurm', () => {
  it('names spec, study and program by whole paths, and makes the folder of the logs', async () => {
    const folder = folderWithSpec();
    const below = join(folder, 'below');
    mkdirSync(below);
    const script = await printed(
      ['slurm', '../sweep.yaml', '--tasks', '4', '--concurrent', '2', '--time', '90'],
      below,
    );
    const study = join(below, 'results/night');
    expect(script).toContain('#SBATCH --array=1-4%2\n');
    expect(script).toContain('#SBATCH --time=01:30:00\n');
    expect(script).toContain(`delta_sweep=('${process.execPath}' '${MAIN}')\n`);
    expect(script).toContain(` run '${join(folder, 'sweep.yaml')}' --out '${study}' --shard "$SLURM_ARRAY_TASK_ID/4" `);
    expect(existsSync(join(study, 'logs'))).toBe(true);
  });

  it('prints a Kubernetes manifest with the paths as they are typed, and makes nothing', async () => {
    const folder = folderWithSpec();
    const args = ['--tasks', '4', '--format', 'k8s', '--image', 'example.org/delta-sweep', '--claim', 'studies'];
    const documents = parseAllDocuments(await printed(['slurm', 'sweep.yaml', ...args], folder));
    expect(documents.map((document) => document.getIn(['metadata', 'name']))).toEqual(['night', 'night-merge']);
    expect(documents[0]!.getIn(['spec', 'completions'])).toBe(4);
    expect(existsSync(join(folder, 'results'))).toBe(false);
  });

  it('says so where tasks would take less time than to start them', async () => {
    const folder = makeFolder();
    writeSpec(folder, { ...NIGHT, constraints: [] }); // quick by any estimate, on a machine however busy
    const { code, stderr } = await deltaSweep(['slurm', 'sweep.yaml', '--tasks', '48'], folder);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^note: 48 tasks would take .* --tasks \d+ is enough\n$/),
    ]);
  });

  it('says in one line that there is no Slurm to submit to', async () => {
    const args = [MAIN, 'slurm', 'sweep.yaml', '--tasks', '1', '--submit'];
    const { code, stdout, stderr } = await start(process.execPath, args, folderWithSpec(), { PATH: '/nowhere' })
      .outcome;
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'delta-sweep: --submit: there is no sbatch here, expected a machine from which Slurm takes jobs; without --submit the script is printed\n',
    });
  });

  it('says what runs, and what is left to do, where Slurm takes the array but not the merge', async () => {
    const folder = folderWithSpec();
    const sbatch = standIn(
      join(folder, 'sbatch'),
      '[[ $* != *--dependency=* ]] && echo 77 || { echo full >&2; exit 1; }',
    );
    // The script is longer than a pipe holds, so that its writer sees that nobody reads it to the end.
    const comments = ['a', 'b', 'c'].map((letter) => `--sbatch=--comment=${letter.repeat(100_000)}`);
    const args = [MAIN, 'slurm', 'sweep.yaml', '--tasks', '1', ...comments, '--submit'];
    const { code, stdout, stderr } = await start(process.execPath, args, folder, { PATH: `${folder}:/usr/bin:/bin` })
      .outcome;
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: 'job 77: 1 shards, tasks 1 to 1\n',
      stderr: `delta-sweep: job 77 runs without a merge (sbatch failed: full); once it has ended: delta-sweep merge '${join(folder, 'results/night')}'\n`,
    });
    expect(argumentsOf(sbatch)).toEqual(['--parsable', '--dependency=afterany:77']);
  });

  it('takes no option for what another one is to be', async () => {
    const { code, stderr } = await deltaSweep(
      ['slurm', 'sweep.yaml', '--tasks', '4', '--out', '--submit'],
      folderWithSpec(),
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^delta-sweep: --out, got "--submit", expected [^\n]*\n$/),
    ]);
  });

  it.each(['--qos=low', '-x node7', '-A lab', '--account=a', '--comment=as --array=1-9', '--deadline=now+1hour'])(
    'passes %s on to sbatch',
    (sbatch) => {
      const args = { ...DEFAULTS, spec: join(folderWithSpec(), 'sweep.yaml'), out: makeFolder(), sbatch };
      expect(slurmJob(args).options).toEqual([sbatch]);
    },
  );

  const K8S = { image: 'x', claim: 'y' };
  it.each<[Partial<ClusterArguments>, string]>([
    [{ tasks: 0 }, '--tasks, got 0, expected a whole number from 1 to 48'],
    [{ tasks: 49 }, '--tasks, got 49, expected a whole number from 1 to 48'],
    [{ concurrent: 3 }, '--concurrent, got 3, expected a whole number from 1 to 2'],
    [{ 'cpus-per-task': 0 }, '--cpus-per-task, got 0, expected a whole number from 1 to 1024'],
    [{ time: '8h' }, '--time, got "8h", expected minutes, minutes:seconds, '],
    [{ memory: '4 GB' }, '--memory, got "4 GB", expected a whole number and K, M, G or T'],
    [{ out: 'a\\b' }, "the study's folder, got "],
    [{ partition: '' }, '--partition, got "", expected'],
    [{ account: 'a\nb' }, '--account, got "a\\nb", expected'],
    [{ sbatch: ['--qos=low', '--array=1-9'] }, '--sbatch, got "--array=1-9", expected an option of sbatch that'],
    ...['-a1-1', '-dafterok:5', '-oout', '--arr=1-1', '--wrap x', '-x node7 --array=1-9'].map(
      (sbatch): [Partial<ClusterArguments>, string] => [{ sbatch }, `--sbatch, got "${sbatch}", expected an option of`],
    ),
    [{ image: 'x' }, '--image is for --format k8s'],
    [{ format: 'k8s' }, '--format k8s: --image is missing'],
    [{ format: 'k8s', ...K8S, submit: true }, '--submit is for --format slurm'],
    [{ format: 'k8s', ...K8S, 'job-name': 'A_b' }, '--job-name, got "A_b"'],
  ])('refuses %j in one line', (given, message) => {
    const args: ClusterArguments = { ...DEFAULTS, spec: join(folderWithSpec(), 'sweep.yaml'), ...given };
    const check = () => (args.format === 'k8s' ? kubernetesJob(args) : slurmJob(args));
    expect(check).toThrow(message);
    expect(check).not.toThrow('\n');
  });
});
