import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import { designOptions, jsonOption, lastOf, networkOption, wholeNumber } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  gpu: string;
  network: string;
  layer: string;
  batch: number;
  set: string[];
  'in-step': boolean;
  seed: number;
  json: boolean;
}

export const traceCommand: CommandModule<object, Arguments> = {
  command: 'trace',
  describe: "Simulate a layer's reads address by address, beside what the models say of them",
  builder: (yargs) =>
    yargs
      .options(designOptions)
      .options(networkOption)
      .option('layer', { type: 'string', demandOption: true, requiresArg: true, describe: 'Name of the layer' })
      .option('batch', { type: 'number', default: 32, requiresArg: true, describe: 'Images of one run' })
      .option('in-step', {
        type: 'boolean',
        default: false,
        describe: 'All CTAs of an SM at one speed, as where they wait for DRAM',
      })
      .option('seed', {
        type: 'number',
        default: 1,
        requiresArg: true,
        describe: 'Seed of the small differences of speed',
      })
      .options(jsonOption)
      .example('$0 trace --gpu titan-xp --network resnet50 --layer conv3_1/3x3 --batch 2', ''),
  handler: async (args) => {
    const { loadGpu } = await import('../../space/files/gpu-file.js');
    const { loadNetwork } = await import('../../space/files/network-file.js');
    const { checkChoice, parseSettings } = await import('../../space/files/settings.js');
    const { evaluateLayer } = await import('../../model/evaluate.js');
    const { DEFAULT_MODEL, MODEL_NAMES } = await import('../../model/model-names.js');
    const { toGpu, withAxes } = await import('../../model/gpu.js');
    const { KIB, MIB } = await import('../../model/units.js');
    const { renderTrace, traceJson } = await import('../../report/trace.js');
    const { simulate } = await import('../../model/simulation/simulate.js');
    const { showingProgress } = await import('../progress.js');
    const { countIn } = await import('../../study/options.js');

    const batch = wholeNumber('batch', args.batch, 1, 65_536);
    const options = { inStep: lastOf(args['in-step']), seed: lastOf(args.seed) };
    const spec = loadGpu(lastOf(args.gpu));
    const network = loadNetwork(lastOf(args.network));
    const names = network.layers.map(({ name }) => name);
    const name = checkChoice('--layer', lastOf(args.layer), names);
    const layer = network.layers[names.indexOf(name)]!;
    const gpu = withAxes(toGpu(spec), parseSettings(args.set));

    const result = evaluateLayer(gpu, layer, batch, 'forward', DEFAULT_MODEL);
    if ('infeasible' in result) throw inputError({ what: `${name} cannot run: ${result.infeasible}` });
    const { tile, tiling, activeCtas } = result;
    const work = { layer, batch, tile, smCount: gpu.smCount, activeCtas, l1Bytes: gpu.l1Bytes, l2Bytes: gpu.l2Bytes };
    const simulation = await showingProgress((reporting) =>
      simulate(work, { ...options, onProgress: countIn('k-blocks', reporting) }),
    );
    const models = Object.fromEntries(
      MODEL_NAMES.flatMap((model) => {
        const prediction = evaluateLayer({ ...gpu, ctaTile: tile }, layer, batch, 'forward', model);
        if ('infeasible' in prediction) return [];
        const { dram, inStep = dram, ...above } = prediction.traffic;
        return [[model, { ...above, dram: options.inStep ? inStep : dram }]];
      }),
    );
    const subject = {
      ...{ gpu: spec.id, network: network.name, layer: name, batch, cta_tile: tile.name, ctas: tiling.ctas },
      ...{
        active_ctas_per_sm: activeCtas,
        sm_count: gpu.smCount,
        l1_kib: gpu.l1Bytes / KIB,
        l2_mib: gpu.l2Bytes / MIB,
      },
      ...{ in_step: options.inStep, seed: options.seed },
    };
    return args.json
      ? printJson(traceJson(subject, simulation, models))
      : printLine(renderTrace(subject, simulation, models));
  },
};
