import type { CommandModule } from 'yargs';
import type { ClusterArguments } from '../cluster-arguments.js';
import { CLUSTER_FORMATS, lastOf, specArgument } from '../options.js';
import { write } from '../output.js';

export const slurmCommand: CommandModule<object, ClusterArguments> = {
  command: 'slurm <spec>',
  describe: 'A batch script that runs a sweep as a Slurm job array and merges it, or a Kubernetes manifest',
  builder: (yargs) => {
    const text = { type: 'string', requiresArg: true } as const;
    const number = { type: 'number', requiresArg: true } as const;
    return (
      yargs
        .positional('spec', specArgument)
        .option('tasks', { ...number, demandOption: true, describe: 'Shards, each a task of the array' })
        .option('concurrent', { ...number, describe: 'Tasks at a time (default: as Slurm has room)' })
        .option('cpus-per-task', { ...number, default: 1, describe: 'Cores, and threads, of a task' })
        .option('memory', { ...text, describe: 'Memory of a task: 4G, 500M' })
        .option('time', { ...text, describe: 'Time limit of a task: 8:00:00, 2-12 (days-hours), 90 (minutes)' })
        .option('partition', { ...text, describe: "Slurm's partition" })
        .option('account', { ...text, describe: "Slurm's account" })
        .option('job-name', { ...text, describe: "The job's name (default: the study's)" })
        .option('sbatch', {
          type: 'string',
          nargs: 1,
          describe: "Any other option of sbatch: '--qos=low'; may be repeated",
        })
        .option('out', { ...text, describe: "The study's folder, which all tasks share (default: results/NAME)" })
        .option('submit', { type: 'boolean', default: false, describe: 'Submit the array and the merge' })
        .option('format', { ...text, default: 'slurm', describe: `What to print: ${CLUSTER_FORMATS.join(', ')}` })
        .option('image', { ...text, describe: 'k8s: the container image, with delta-sweep on its path' })
        .option('claim', { ...text, describe: 'k8s: the persistent volume claim that all pods share' })
        // What follows --sbatch is an option itself.
        .parserConfiguration({ 'nargs-eats-options': true })
        .example('$0 slurm sweeps/overnight.yaml --tasks 16', 'add > job.sh, then: sbatch job.sh')
    );
  },
  handler: async (args) => {
    const { kubernetesJob, slurmJob } = await import('../cluster-arguments.js');
    const { checkChoice } = await import('../../space/files/settings.js');
    if (checkChoice('--format', lastOf(args.format), CLUSTER_FORMATS) === 'k8s') {
      const { kubernetesManifest } = await import('../schedulers/kubernetes-manifest.js');
      return write(kubernetesManifest(kubernetesJob(args)));
    }
    const { arrayScript } = await import('../schedulers/slurm-script.js');
    const { submit } = await import('../submit.js');
    const job = slurmJob(args);
    return args.submit ? submit(job) : write(arrayScript(job));
  },
};
