import type { CommandModule } from 'yargs';
import { inputError } from '../../errors.js';
import { DEFAULT_MODEL, MODEL_NAMES } from '../../model/model-names.js';
import { jsonOption, lastOf } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  measured: string;
  gpu: string;
  pass: string;
  model: string;
  algorithm: string;
  'call-overhead-us': number;
  clock: number | undefined;
  against: string | undefined;
  'other-gpu': string | undefined;
  json: boolean;
}

/** What a call costs in a benchmark that times single calls in a loop; a bare kernel launch is nearer 4 us. */
const BENCHMARK_OVERHEAD_US = 16;

export const validateCommand: CommandModule<object, Arguments> = {
  command: 'validate <measured>',
  describe: 'Predicted against measured times of convolutions, beside the other model and the roofline',
  builder: (yargs) =>
    yargs
      .positional('measured', { type: 'string', demandOption: true, describe: 'CSV of measured layers' })
      .option('gpu', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'The GPU they were measured on',
      })
      .option('pass', { type: 'string', default: 'forward', requiresArg: true, describe: 'Pass: which column' })
      .option('model', {
        type: 'string',
        default: DEFAULT_MODEL,
        requiresArg: true,
        describe: `Model: ${MODEL_NAMES.join(', ')}`,
      })
      .option('algorithm', {
        type: 'string',
        default: 'IMPLICIT',
        requiresArg: true,
        describe: 'Keep rows whose algorithm matches this regular expression',
      })
      .option('call-overhead-us', {
        type: 'number',
        default: BENCHMARK_OVERHEAD_US,
        requiresArg: true,
        describe: 'What a call cost in the measurement',
      })
      .option('clock', { type: 'number', requiresArg: true, describe: 'GHz that the SM clock was locked at' })
      .option('against', { type: 'string', requiresArg: true, describe: 'CSV of another GPU: check speed-ups too' })
      .option('other-gpu', { type: 'string', requiresArg: true, describe: 'The GPU of --against' })
      .options(jsonOption)
      .example('$0 validate titan-xp.csv --gpu titan-xp --against v100.csv --other-gpu v100', ''),
  handler: async (args) => {
    const { predictAll, speedups } = await import('../../analysis/predict.js');
    const { loadGpu } = await import('../../space/files/gpu-file.js');
    const { loadMeasured } = await import('../../space/files/measured-file.js');
    const { checkChoice, parsePattern } = await import('../../space/files/settings.js');
    const { modelOf } = await import('../../model/models.js');
    const { atClock, toGpu } = await import('../../model/gpu.js');
    const { renderValidation, validationJson } = await import('../../report/validation.js');

    const model = checkChoice('--model', lastOf(args.model), MODEL_NAMES);
    const covered = modelOf(model).passes.filter((name) => name !== 'training');
    const pass = checkChoice('--pass', lastOf(args.pass), covered);
    const algorithm = parsePattern('--algorithm', lastOf(args.algorithm));
    const overhead = Number(lastOf(args['call-overhead-us']));
    if (!(overhead >= 0 && overhead < 1e6))
      throw inputError({ what: '--call-overhead-us', got: overhead, expected: 'microseconds, at least 0' });
    const clock = args.clock === undefined ? undefined : Number(lastOf(args.clock));
    if (clock !== undefined && !(clock > 0 && clock <= 100))
      throw inputError({ what: '--clock', got: clock, expected: 'GHz, above 0' });
    if ((args.against === undefined) !== (args['other-gpu'] === undefined))
      throw inputError({ what: '--against and --other-gpu go together' });

    const predictors = [...MODEL_NAMES.filter((name) => modelOf(name).passes.includes(pass)), 'roofline' as const];
    const predictFile = (file: string, gpuName: string) => {
      const rated = { ...loadGpu(gpuName), call_overhead_us: overhead };
      const spec = clock === undefined ? rated : atClock(rated, clock);
      const { layers: measurements, leftOut } = loadMeasured(file, pass, algorithm);
      if (leftOut > 0) note(`note: ${leftOut} rows of another precision than fp32 are left out`);
      const all = Object.fromEntries(predictors.map((p) => [p, predictAll(measurements, toGpu(spec), pass, p)]));
      const { [model]: rows = [], ...baselines } = all;
      if (rows.length < measurements.length)
        note(`note: ${measurements.length - rows.length} layers do not fit ${spec.id}`);
      if (rows.length === 0) throw inputError({ what: `no layer fits ${spec.id}`, file });
      return { gpu: spec.id, rows, baselines, leftOut: leftOut + measurements.length - rows.length };
    };
    const validation = { ...predictFile(args.measured, lastOf(args.gpu)), pass, model };
    if (args.against !== undefined && args['other-gpu'] !== undefined) {
      const other = predictFile(lastOf(args.against), lastOf(args['other-gpu']));
      const rows = speedups(validation.rows, other.rows);
      if (rows.length === 0)
        throw inputError({ what: 'the two files measured no layer in common', file: args.against });
      const baselines = Object.fromEntries(
        Object.keys(other.baselines).map((p) => [p, speedups(validation.baselines[p]!, other.baselines[p]!)]),
      );
      Object.assign(validation, { speedup: { other_gpu: other.gpu, rows, baselines } });
    }
    return args.json ? printJson(validationJson(validation)) : printLine(renderValidation(validation));
  },
};
