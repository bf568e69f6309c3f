/** What `slurm` is asked for on the command line, checked. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseMemory, parseTimeLimit, TIME_LIMIT_FORMS, type ClusterJob } from './schedulers/job.js';
import type { KubernetesJob } from './schedulers/kubernetes-manifest.js';
import { UNFIT_FOR_LOGS, type SlurmJob } from './schedulers/slurm-script.js';
import { planStudy } from '../engine/plan.js';
import { inputError } from '../errors.js';
import { findFile } from '../space/files/library.js';
import { loadStudy } from '../space/files/spec-file.js';
import { showDuration, showNumber } from '../model/units.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { Study } from '../space/study.js';
import { lastOf, wholeNumber } from './options.js';
import { note } from './output.js';
import { toolVersion } from '../study/version.js';

export interface ClusterArguments {
  spec: string;
  tasks: number;
  concurrent: number | undefined;
  'cpus-per-task': number;
  memory: string | undefined;
  time: string | undefined;
  partition: string | undefined;
  account: string | undefined;
  'job-name': string | undefined;
  sbatch: string | string[] | undefined;
  out: string | undefined;
  submit: boolean;
  format: string;
  image: string | undefined;
  claim: string | undefined;
}

/** Options that one format alone knows. */
const ONLY = { slurm: ['partition', 'account', 'sbatch', 'submit'], k8s: ['image', 'claim'] } as const;

/** A shard of less work than this is hardly worth a task: to start one takes about as long. */
const LEAST_TASK_SECONDS = 1;

/** Slurm takes arrays of no more tasks, unless its MaxArraySize says otherwise. */
const USUAL_ARRAY_TASKS = 1000;

const MAX_CPUS = 1024;

/** The option's text, if it is there: one line of something, and no option whose own text was forgotten. */
function textOf(name: string, value: string | undefined): string | undefined {
  const text = value === undefined ? undefined : lastOf(value);
  if (text !== undefined && (!/^\s*[^\s-]/.test(text) || /\p{Cc}/u.test(text)))
    throw inputError({ what: `--${name}`, got: text, expected: 'a name on one line, without a dash at its beginning' });
  return text;
}

/** The option's text, if it is there, as `parse` reads it. */
function parsed<T>(name: string, value: string | undefined, parse: (text: string) => T | undefined, expected: string) {
  const text = textOf(name, value);
  const result = text === undefined ? undefined : parse(text);
  if (text !== undefined && result === undefined) throw inputError({ what: `--${name}`, got: text, expected });
  return result;
}

/** Refuses what the other format has options for. */
function refuseOptionsOf(other: keyof typeof ONLY, args: ClusterArguments): void {
  const given = ONLY[other].find((name) => args[name]);
  if (given !== undefined) throw inputError({ what: `--${given} is for --format ${other}` });
}

/** What is asked for in any format, with the spec and the folder as they are typed. */
function clusterJob(args: ClusterArguments): ClusterJob {
  const study = loadStudy(args.spec);
  const plan = planStudy(study, wholeNumber('cpus-per-task', args['cpus-per-task'], 1, MAX_CPUS));
  const tasks = wholeNumber('tasks', args.tasks, 1, plan.chunks);
  const job: ClusterJob = {
    name: textOf('job-name', args['job-name']) ?? study.name,
    tasks,
    concurrent: args.concurrent === undefined ? undefined : wholeNumber('concurrent', args.concurrent, 1, tasks),
    cpus: plan.workers,
    memory: parsed('memory', args.memory, parseMemory, 'a whole number and K, M, G or T, such as 4G'),
    seconds: parsed('time', args.time, parseTimeLimit, TIME_LIMIT_FORMS),
    spec: args.spec,
    study: folderOf(args, study),
    version: toolVersion(),
  };
  warnOfShortTasks(plan.estimated_seconds, tasks);
  return job;
}

function folderOf({ out }: ClusterArguments, study: Study): string {
  return textOf('out', out) ?? join('results', study.name);
}

function warnOfShortTasks(seconds: number, tasks: number): void {
  if (seconds / tasks >= LEAST_TASK_SECONDS || tasks === 1) return;
  const enough = Math.max(1, Math.floor(seconds / LEAST_TASK_SECONDS));
  note(
    `note: ${showNumber(tasks)} tasks would take ${showDuration(seconds / tasks)} each, less than it takes to start them: --tasks ${enough} is enough`,
  );
}

/** The job for Slurm: whole paths, the program that runs now. Makes the folder of the logs, without which Slurm would run nothing. */
export function slurmJob(args: ClusterArguments): SlurmJob {
  refuseOptionsOf('k8s', args);
  const job = clusterJob(args);
  if (job.tasks > USUAL_ARRAY_TASKS)
    note(`note: Slurm takes arrays of ${showNumber(USUAL_ARRAY_TASKS)} tasks, unless its MaxArraySize is set to more`);
  const study = resolve(job.study);
  if (UNFIT_FOR_LOGS.test(study))
    throw inputError({
      what: "the study's folder",
      got: study,
      expected: 'a path without backslashes and control characters: Slurm writes logs in it',
    });
  const slurm: SlurmJob = {
    ...job,
    study,
    logs: join(study, 'logs'),
    spec: resolve(findFile('sweeps', args.spec, '.').file),
    program: [process.execPath, fileURLToPath(new URL('dist/cli/main.js', PACKAGE_ROOT))],
    partition: textOf('partition', args.partition),
    account: textOf('account', args.account),
    options: [args.sbatch ?? []].flat().map(sbatchOption),
  };
  makeFolder(slurm.logs);
  return slurm;
}

/** Options that the script depends on. */
const OWN_OPTIONS = ['array', 'dependency', 'output', 'open-mode', 'parsable', 'wrap'];
const OWN_LETTERS = /^-[ado]/;

/** Whether sbatch takes this for one of those: a long one may be cut short, and behind a short one its value may follow at once. */
function isOwnOption(word: string): boolean {
  const [, name] = /^--([\w-]+)/.exec(word) ?? [];
  return name === undefined ? OWN_LETTERS.test(word) : OWN_OPTIONS.some((option) => option.startsWith(name));
}

function sbatchOption(text: string): string {
  const option = text.trim();
  // What follows `--name=` is its value; else a line of sbatch's may have more than one option.
  const words = /^--[\w-]+=/.test(option) ? [option] : option.split(/\s+/);
  if (!option.startsWith('-') || words.some(isOwnOption) || /\p{Cc}/u.test(option))
    throw inputError({
      what: '--sbatch',
      got: option,
      expected: "an option of sbatch that the script does not depend on, such as '--qos=low'",
    });
  return option;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw inputError({
      what: `cannot be made: ${(error as Error).message}`,
      file: folder,
      expected: 'a folder for logs',
    });
  }
}

/** What Kubernetes takes as a name that the name of a pod begins with. */
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LONGEST_LABEL = 63;

/** The job for Kubernetes. */
export function kubernetesJob(args: ClusterArguments): KubernetesJob {
  refuseOptionsOf('slurm', args);
  const job = clusterJob(args);
  const [image, claim] = (['image', 'claim'] as const).map((name) => {
    const text = textOf(name, args[name]);
    if (text === undefined) throw inputError({ what: `--format k8s: --${name} is missing` });
    return text;
  });
  const longest = LONGEST_LABEL - '-merge'.length;
  if (!LABEL.test(job.name) || job.name.length > longest)
    throw inputError({
      what: '--job-name',
      got: job.name,
      expected: `at most ${longest} lower-case letters, digits and dashes, with no dash at either end`,
    });
  return { ...job, image: image!, claim: claim! };
}
