import type { CommandModule } from 'yargs';
import { jsonOption, specArgument, wholeNumber } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  spec: string;
  workers: number | undefined;
  json: boolean;
}

export const planCommand: CommandModule<object, Arguments> = {
  command: 'plan <spec>',
  describe: 'What a run would do: points, chunks, estimated time and disk; nothing is run',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .option('workers', {
        type: 'number',
        requiresArg: true,
        describe: 'Threads to estimate for (default: all cores)',
      })
      .options(jsonOption)
      .example('$0 plan sweeps/overnight.yaml', 'how long a night would do'),
  handler: async ({ spec, workers, json }) => {
    const { loadStudy } = await import('../../space/files/spec-file.js');
    const { planStudy } = await import('../../engine/plan.js');
    const { planNotes, renderPlan } = await import('../../report/plan.js');
    const threads = workers === undefined ? undefined : wholeNumber('workers', workers, 1, 1024);
    const plan = planStudy(loadStudy(spec), threads);
    planNotes(plan).forEach(note);
    return json ? printJson(plan) : printLine(renderPlan(plan));
  },
};
