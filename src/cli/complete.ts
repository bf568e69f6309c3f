/** What the shell may put for the word under the cursor: names of studies, GPUs, networks, metrics, recipes, axes. */
import { builtinNames } from '../space/files/library.js';
import { PASSES } from '../model/layer.js';
import { NUMERIC_METRICS } from '../model/metrics.js';
import { MODEL_NAMES } from '../model/model-names.js';
import { AXIS_IDS } from '../model/resources.js';
import { CHART_NAMES } from '../report/page/chart-names.js';
import { RECIPES } from '../storage/read/recipes.js';
import { storedStudies } from '../storage/folder/study-folder.js';
import { CLUSTER_FORMATS, ROW_FORMATS } from './options.js';

type Candidates = () => readonly string[];

const gpus: Candidates = () => builtinNames('gpus');
const networks: Candidates = () => builtinNames('networks');
const metrics: Candidates = () => NUMERIC_METRICS.map(({ name }) => name);

/** By the name of an option, or of an argument of a command; one command's own stands before it. */
const CANDIDATES: Record<string, Candidates> = {
  study: () => storedStudies(),
  before: () => storedStudies(),
  after: () => storedStudies(),
  spec: () => builtinNames('sweeps'),
  gpu: gpus,
  'other-gpu': gpus,
  'gpus id': gpus,
  network: networks,
  'networks name': networks,
  minimize: metrics,
  maximize: metrics,
  metric: metrics,
  model: () => MODEL_NAMES,
  pass: () => PASSES,
  set: () => AXIS_IDS.map((axis) => `${axis}=`),
  format: () => ROW_FORMATS,
  'slurm format': () => CLUSTER_FORMATS,
  chart: () => CHART_NAMES,
  recipe: () => RECIPES.map(({ name }) => name),
  'query set': () => [...new Set(RECIPES.flatMap(({ parameters }) => parameters.map(({ name }) => `${name}=`)))],
};

/** Names of a command's arguments, in order. */
const argumentsOf = (command: string): string[] => [...command.matchAll(/[<[]([\w-]+)/g)].map(([, name]) => name!);

/** What an option or an argument of a command takes, behind what a list `a,b` already holds; undefined if that is not known. */
function candidatesFor(command: string, name: string, current: string): string[] | undefined {
  const candidates = CANDIDATES[`${command} ${name}`] ?? CANDIDATES[name];
  const [before] = /^.*,/.exec(current) ?? [''];
  return candidates?.().map((candidate) => before + candidate);
}

/** `--option=value` under the cursor: bash cuts it at `=` into several words, zsh leaves it whole and has it replaced whole. */
function valueOfOption(words: readonly string[]): { option: string; current: string; before: string } | undefined {
  const [last = '', second = '', third = ''] = [...words].reverse();
  const [, option, current] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  if (option !== undefined) return { option, current: current!, before: `${option}=` };
  if (last === '=') return { option: second, current: '', before: '' };
  return second === '=' ? { option: third, current: last, before: '' } : undefined;
}

/**
 * Candidates for the last of the words on a command line, which begins with the program and the command; undefined where an
 * option, or something of which nothing is known, is to be put.
 *
 * @param places the words that are no options nor what they take
 */
export function complete(
  commands: readonly string[],
  words: readonly string[],
  places: readonly string[],
): string[] | undefined {
  const [current = '', previous = ''] = [words.at(-1), words.at(-2)];
  const [, command = ''] = places;
  const value = valueOfOption(words);
  if (value) {
    const known = value.option.startsWith('--') ? candidatesFor(command, value.option.slice(2), value.current) : [];
    return (known ?? []).map((candidate) => value.before + candidate);
  }
  if (current.startsWith('-')) return undefined;
  if (previous.startsWith('--')) {
    const known = candidatesFor(command, previous.slice(2), current);
    if (known) return known;
  }
  const usage = commands.find((text) => text.split(' ')[0] === command);
  const name = usage && argumentsOf(usage)[places.length - 2 - (current === places.at(-1) ? 1 : 0)];
  return name === undefined ? undefined : candidatesFor(command, name, current);
}
