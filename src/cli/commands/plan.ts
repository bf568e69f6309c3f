import type { CommandModule } from 'yargs';
import { jsonOption, specArgument } from '../options.js';
import { note, printJson, printLine } from '../output.js';
import { workersAsked } from '../run-options.js';

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
    const { renderPlan } = await import('../../report/plan.js');
    const { studyNotes } = await import('../../study/run-messages.js');
    const threads = workersAsked(workers);
    const study = loadStudy(spec);
    const plan = planStudy(study, threads);
    studyNotes(study).forEach(note);
    return json ? printJson(plan) : printLine(renderPlan(plan));
  },
};
