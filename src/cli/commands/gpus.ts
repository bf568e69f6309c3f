import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import { costsOption, jsonOption, lastOf } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  id: string | undefined;
  dies: boolean;
  costs: string;
  json: boolean;
}

export const gpusCommand: CommandModule<object, Arguments> = {
  command: 'gpus [id]',
  describe: 'The built-in GPUs, or one of them with the sources of its figures',
  builder: (yargs) =>
    yargs
      .positional('id', { type: 'string', describe: 'A built-in GPU, or the path of a GPU file' })
      .option('dies', {
        type: 'boolean',
        default: false,
        describe: 'Published dies against the area model, block by block',
      })
      .options(costsOption)
      .options(jsonOption)
      .example('$0 gpus titan-xp', 'every figure of a GPU, and where it comes from'),

  handler: async ({ id, dies, costs, json }) => {
    if (dies) {
      if (id !== undefined) throw inputError({ what: '--dies', got: id, expected: 'no GPU beside it' });
      const { loadCosts } = await import('../../space/files/costs-file.js');
      const { loadDies } = await import('../../space/files/dies-file.js');
      const { checkDie, renderDies } = await import('../../report/dies.js');
      const constants = loadCosts(lastOf(costs));
      const checked = loadDies().map((die) => checkDie(die, constants));
      return json ? printJson(checked) : printLine(renderDies(checked));
    }
    const { loadGpu } = await import('../../space/files/gpu-file.js');
    const { builtinNames } = await import('../../space/files/library.js');
    const { renderGpu, renderGpus } = await import('../../report/catalog.js');
    if (id !== undefined) {
      const gpu = loadGpu(id);
      return json ? printJson(gpu) : printLine(renderGpu(gpu));
    }
    const gpus = builtinNames('gpus').map((name) => loadGpu(name));
    return json ? printJson(gpus) : printLine(renderGpus(gpus));
  },
};
