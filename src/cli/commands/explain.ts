import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import type { Gpu } from '../../model/gpu.js';
import { DEFAULT_MODEL, MODEL_NAMES } from '../../model/model-names.js';
import { costsOption, designOptions, jsonOption, lastOf, networkOption, wholeNumber } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  gpu: string;
  network: string;
  batch: number;
  pass: string;
  model: string;
  set: string[];
  layer: string | undefined;
  costs: string;
  json: boolean;
}

export const explainCommand: CommandModule<object, Arguments> = {
  command: 'explain',
  describe:
    'One design, layer by layer: tile, CTAs, time, what binds; how busy each resource is, and what more or less of it would do',
  builder: (yargs) =>
    yargs
      .options(designOptions)
      .options(networkOption)
      .option('batch', { type: 'number', default: 256, requiresArg: true, describe: 'Images of one run' })
      .option('pass', { type: 'string', default: 'forward', requiresArg: true, describe: 'Pass of the network' })
      .option('model', {
        type: 'string',
        default: DEFAULT_MODEL,
        requiresArg: true,
        describe: `Model: ${MODEL_NAMES.join(', ')}`,
      })
      .option('layer', {
        type: 'string',
        requiresArg: true,
        describe: 'One layer in full: enough to redo its time by hand',
      })
      .options(costsOption)
      .options(jsonOption)
      .example('$0 explain --gpu titan-xp --network resnet152 --set dram_gbps=900', ''),
  handler: async (args) => {
    const { loadCosts } = await import('../../space/files/costs-file.js');
    const { loadGpu } = await import('../../space/files/gpu-file.js');
    const { loadNetwork } = await import('../../space/files/network-file.js');
    const { checkChoice, parseSettings } = await import('../../space/files/settings.js');
    const { evaluateLayers } = await import('../../model/evaluate.js');
    const { modelOf } = await import('../../model/models.js');
    const { toGpu, withAxes } = await import('../../model/gpu.js');
    const { costsOf } = await import('../../report/explain-costs.js');
    const { reasonsOfLayers } = await import('../../model/response/reasons.js');
    const { explainJson, renderExplanation } = await import('../../report/explain.js');
    const { renderLayer } = await import('../../report/explain-layer.js');

    const constants = loadCosts(lastOf(args.costs));
    const batch = wholeNumber('batch', args.batch, 1, 65_536);
    const model = checkChoice('--model', lastOf(args.model), MODEL_NAMES);
    const pass = checkChoice('--pass', lastOf(args.pass), modelOf(model).passes);
    const set = parseSettings(args.set);
    const spec = loadGpu(lastOf(args.gpu));
    const network = loadNetwork(lastOf(args.network));
    const only = args.layer === undefined ? undefined : lastOf(args.layer);
    if (only !== undefined)
      checkChoice(
        '--layer',
        only,
        network.layers.map(({ name }) => name),
      );
    const evaluate = (gpu: Gpu) => {
      const results = evaluateLayers(gpu, { network, batch, pass }, model);
      if ('infeasible' in results) throw inputError({ what: `${network.name} cannot run: ${results.infeasible}` });
      return results.filter(({ layer }) => only === undefined || layer.name === only);
    };
    const gpu = withAxes(toGpu(spec), set);
    const layers = evaluate(gpu);
    const reasons =
      only === undefined ? { gpu, reasons: reasonsOfLayers(gpu, { network, batch, pass }, model, layers) } : undefined;
    const before = args.set.length > 0 ? evaluate(toGpu(spec)) : undefined;
    const costs = costsOf(gpu, layers, constants);
    const explanation = {
      gpu: spec.id,
      network: network.name,
      batch,
      pass,
      model,
      set,
      layers,
      before,
      costs,
      reasons,
    };
    if (args.json) return printJson(explainJson(explanation));
    await printLine(renderExplanation(explanation));
    if (only !== undefined) for (const result of layers) await printLine(`\n${renderLayer(result)}`);
  },
};
