import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import { DEFAULT_MODEL, MODEL_NAMES } from '../../model/evaluate.js';
import { jsonOption, lastOf, wholeNumber } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  gpu: string;
  network: string;
  batch: number;
  pass: string;
  model: string;
  set: string[];
  json: boolean;
}

export const explainCommand: CommandModule<object, Arguments> = {
  command: 'explain',
  describe: 'One design, layer by layer: tile, CTAs, time, what binds, how busy each resource is',
  builder: (yargs) =>
    yargs
      .option('gpu', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'A built-in GPU, or a GPU file',
      })
      .option('network', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'A built-in network, or a network file',
      })
      .option('batch', { type: 'number', default: 256, requiresArg: true, describe: 'Images of one run' })
      .option('pass', { type: 'string', default: 'forward', requiresArg: true, describe: 'Pass of the network' })
      .option('model', {
        type: 'string',
        default: DEFAULT_MODEL,
        requiresArg: true,
        describe: `Model: ${MODEL_NAMES.join(', ')}`,
      })
      .option('set', {
        type: 'string',
        array: true,
        nargs: 1,
        default: [],
        describe: 'Change the GPU: axis=value, in the unit of GPU files; may be repeated',
      })
      .options(jsonOption)
      .example('$0 explain --gpu titan-xp --network resnet152 --set dram_gbps=900', ''),
  handler: async (args) => {
    const { loadGpu } = await import('../../files/gpu-file.js');
    const { loadNetwork } = await import('../../files/network-file.js');
    const { checkChoice, parseSettings } = await import('../../files/settings.js');
    const { evaluateLayer, MODELS } = await import('../../model/evaluate.js');
    const { toGpu, withAxes } = await import('../../model/gpu.js');
    const { explainJson, renderExplanation } = await import('../../report/explain.js');

    const batch = wholeNumber('batch', args.batch, 1, 65_536);
    const model = checkChoice('--model', lastOf(args.model), MODEL_NAMES);
    const pass = checkChoice('--pass', lastOf(args.pass), MODELS[model].passes);
    const set = parseSettings(args.set);
    const spec = loadGpu(lastOf(args.gpu));
    const network = loadNetwork(lastOf(args.network));
    const gpu = withAxes(toGpu(spec), set);
    const layers = network.layers.map((layer) => {
      const result = evaluateLayer(gpu, layer, batch);
      if ('infeasible' in result) throw inputError({ what: `${layer.name} cannot run: ${result.infeasible}` });
      return result;
    });
    const explanation = { gpu: spec.id, network: network.name, batch, pass, model, set, layers };
    return args.json ? printJson(explainJson(explanation)) : printLine(renderExplanation(explanation));
  },
};
