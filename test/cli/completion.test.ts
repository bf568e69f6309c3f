/** Shell completion: what the built command answers a shell that asks, and the script in bash. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareFolder } from '../../scripts/console-blocks.js';
import { NUMERIC_METRICS } from '../../src/model/metrics.js';
import { CHART_NAMES } from '../../src/report/page/chart-names.js';
import { CHARTS } from '../../src/report/page/charts.js';
import { RECIPES } from '../../src/storage/read/recipes.js';
import { deltaSweep, MAIN, start } from '../helpers/command.js';
import { writeStudyFolder } from '../helpers/database.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
let folder: string;
beforeAll(() => {
  folder = makeFolder();
  prepareFolder(folder);
  for (const study of ['first-study', 'second-study']) writeStudyFolder(join(folder, 'results', study));
});

const STUDIES = ['first-study', 'second-study'];
const GPUS = expect.arrayContaining(['titan-xp', 'v100']);
const NETWORKS = expect.arrayContaining(['alexnet', 'resnet152']);
const METRICS = NUMERIC_METRICS.map(({ name }) => name);

const run = (shell: string, ...args: string[]) =>
  start('env', [`SHELL=/bin/${shell}`, process.execPath, MAIN, ...args], folder).outcome;

async function completed(words: readonly string[], shell = 'bash'): Promise<string[]> {
  const { code, stdout, stderr } = await run(shell, '--get-yargs-completions', 'delta-sweep', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  it.each([
    [['query', ''], STUDIES],
    [['query', 'fir'], STUDIES],
    [['query', '--json', ''], STUDIES],
    [['check', ''], STUDIES],
    [['pareto', ''], STUDIES],
    [['sensitivity', '--metric', 'time_ms', ''], STUDIES],
    [['query', 'first-study', '--recipe', ''], RECIPES.map(({ name }) => name)],
    [['query', 'first-study', '--set', ''], expect.arrayContaining(['area_mm2=', 'speedup='])],
    [
      ['query', 'first-study', '--format', 'a'],
      ['table', 'csv', 'json', 'ndjson', 'arrow'],
    ],
    [['pareto', 'first-study', '--minimize', ''], METRICS],
    [['pareto', 'first-study', '--maximize', 'speedup,'], METRICS.map((name) => `speedup,${name}`)],
    [['sensitivity', 'first-study', '--metric', 't'], METRICS],
    [['report', 'first-study', '--chart', ''], CHARTS.map(({ name }) => name)],
    [['explain', '--gpu', ''], GPUS],
    [['explain', '--gpu', 'v100', '--network', ''], NETWORKS],
    [['explain', '--set', 'sm'], expect.arrayContaining(['sm_count=', 'dram_gbps='])],
    [['explain', '--gpu', '='], GPUS],
    [['explain', '--gpu', '=', 'ti'], GPUS],
    [['explain', '--gpu=ti'], expect.arrayContaining(['--gpu=titan-xp', '--gpu=v100'])],
    [['pareto', 'first-study', '--minimize=speedup,'], METRICS.map((name) => `--minimize=speedup,${name}`)],
    [['explain', '--set', 'dram_gbps', '='], []],
    [['diff', ''], STUDIES],
    [['diff', 'first-study', ''], STUDIES],
    [['gpus', ''], GPUS],
    [['networks', ''], NETWORKS],
    [['run', ''], expect.arrayContaining(['balanced-scaling'])],
    [['plan', '--workers', '2', ''], expect.arrayContaining(['balanced-scaling'])],
    [['query', '--r'], expect.arrayContaining(['--recipe', '--recipes', '--with'])],
    [[''], expect.arrayContaining(['run', 'query', 'completion'])],
    [['nosuch', 'x', ''], expect.any(Array)],
  ])('of %j has the names that fit', async (words, names) => {
    expect(await completed(words)).toEqual(names);
  });

  it('tells zsh what commands are for', async () => {
    expect(await completed([''], 'zsh')).toContainEqual(expect.stringMatching(/^query:Read-only SQL/));
  });

  it('prints a script for the shell, without a word to stderr', async () => {
    const [bash, zsh] = await Promise.all([run('bash', 'completion'), run('zsh', 'completion')]);
    expect(bash).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('complete -o bashdefault') });
    expect(zsh).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^#compdef delta-sweep/) });
  });

  it.each([
    [['delta-sweep', 'query', 'sec'], 'second-study'],
    [['delta-sweep', 'explain', '--gpu', '=', 'titan-xp'], 'titan-xp'],
    [['delta-sweep', 'networks', 'resnet152'], 'resnet152'],
  ])('completes the word under the cursor in bash: %j', async (words, expected) => {
    const script = `PATH="$PWD/bin:$PATH" SHELL=/bin/bash; source <(delta-sweep completion)
      COMP_WORDS=(${words.join(' ')} not-yet) COMP_CWORD=${words.length - 1}; _delta-sweep_completions; echo "\${COMPREPLY[@]}"`;
    const { code, stdout, stderr } = await start('bash', ['-c', script], folder).outcome;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${expected}\n`, stderr: '' });
  });

  it('completes in bash behind an option with =, which is a word of its own there', async () => {
    const script = `PATH="$PWD/bin:$PATH" SHELL=/bin/bash; source <(delta-sweep completion)
      COMP_WORDS=(delta-sweep explain --gpu =) COMP_CWORD=3; _delta-sweep_completions; echo "\${COMPREPLY[@]}"`;
    const { stdout } = await start('bash', ['-c', script], folder).outcome;
    expect(stdout.trim().split(' ')).toEqual(GPUS);
  });

  it('has the charts of a report, which its help and its page of the docs name', () => {
    const names = CHARTS.map(({ name }) => name);
    expect(names).toEqual(CHART_NAMES);
    const described = names.map((name) => `\`${name}\``).join(', ');
    expect(readFileSync('docs/report.md', 'utf8').replaceAll('` or `', '`, `')).toContain(described);
  });

  it('is no way to run a command', async () => {
    const { stdout } = await deltaSweep(['--get-yargs-completions', 'delta-sweep', 'gpus', 'v100', ''], folder);
    expect(stdout).not.toContain('GB/s');
  });
});
