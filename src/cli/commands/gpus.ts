import type { CommandModule } from 'yargs';
import { jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  id: string | undefined;
  json: boolean;
}

export const gpusCommand: CommandModule<object, Arguments> = {
  command: 'gpus [id]',
  describe: 'The built-in GPUs, or one of them with the sources of its figures',
  builder: (yargs) =>
    yargs
      .positional('id', { type: 'string', describe: 'A built-in GPU, or the path of a GPU file' })
      .options(jsonOption)
      .example('$0 gpus titan-xp', 'every figure of a GPU, and where it comes from'),
  handler: async ({ id, json }) => {
    const { loadGpu } = await import('../../files/gpu-file.js');
    const { builtinNames } = await import('../../files/library.js');
    const { renderGpu, renderGpus } = await import('../../report/catalog.js');
    if (id !== undefined) {
      const gpu = loadGpu(id);
      return json ? printJson(gpu) : printLine(renderGpu(gpu));
    }
    const gpus = builtinNames('gpus').map((name) => loadGpu(name));
    return json ? printJson(gpus) : printLine(renderGpus(gpus));
  },
};
