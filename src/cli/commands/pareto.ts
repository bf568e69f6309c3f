import type { CommandModule } from 'yargs';
import { jsonOption, nameList, studyArgument } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  minimize: string[] | undefined;
  maximize: string[] | undefined;
  json: boolean;
}

export const paretoCommand: CommandModule<object, Arguments> = {
  command: 'pareto <study>',
  describe: 'The Pareto front of a stored study, over its own objectives or others; also stored in it',
  builder: (yargs) =>
    yargs
      .positional('study', studyArgument)
      .option('minimize', { type: 'string', array: true, nargs: 1, describe: 'Metrics to minimise: a,b' })
      .option('maximize', { type: 'string', array: true, nargs: 1, describe: 'Metrics to maximise: a,b' })
      .options(jsonOption)
      .example('$0 pareto balanced-scaling --minimize time_ms,dram_gb', ''),
  handler: async (args) => {
    const { inputError } = await import('../../errors.js');
    const { checkChoice } = await import('../../files/settings.js');
    const { NUMERIC_METRICS } = await import('../../model/metrics.js');
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { repeatedMetric, toObjectives } = await import('../../space/study.js');
    const { readManifest } = await import('../../store/manifest.js');
    const { findStudy } = await import('../../store/study-folder.js');
    const { computeFront, frontJson } = await import('../fronts.js');

    const metrics = NUMERIC_METRICS.map(({ name }) => name);
    const checked = (option: string, names: string[] | undefined) =>
      nameList(names).map((name) => checkChoice(option, name, metrics));
    const asked = toObjectives({
      minimize: checked('--minimize', args.minimize),
      maximize: checked('--maximize', args.maximize),
    });
    const twice = repeatedMetric(asked);
    if (twice) throw inputError({ what: `objective ${twice} is there twice` });
    const folder = findStudy(args.study);
    const { study, finished } = readManifest(folder);
    if (finished === null)
      note('note: the run of this study has not finished; this is the front of what is stored so far');
    const result = computeFront(folder, study, asked.length > 0 ? asked : study.objectives);
    return args.json ? printJson(frontJson(result)) : printLine(summarizeFront(study, result.objectives, result.front));
  },
};
