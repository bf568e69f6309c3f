import type { CommandModule } from 'yargs';
import type { Study } from '../../space/study.js';
import { jsonOption, lastOf, specArgument, wholeNumber } from '../options.js';
import { note, printJson, printLine } from '../output.js';

interface Arguments {
  spec: string;
  out: string | undefined;
  workers: number | undefined;
  chunk: number | undefined;
  fresh: boolean;
  json: boolean;
}

/** Designs of a front shown after a run; `pareto` shows all. */
const SHOWN_DESIGNS = 24;
const MAX_CHUNK_POINTS = 10_000_000;

export const runCommand: CommandModule<object, Arguments> = {
  command: 'run <spec>',
  describe: 'Evaluate and store every point of a sweep, then show its front; goes on where a run stopped',
  builder: (yargs) =>
    yargs
      .positional('spec', specArgument)
      .option('out', { type: 'string', requiresArg: true, describe: "The study's folder (default: results/NAME)" })
      .option('workers', { type: 'number', requiresArg: true, describe: 'Threads (default: all cores)' })
      .option('chunk', { type: 'number', requiresArg: true, describe: 'Points a chunk; no result depends on it' })
      .option('fresh', { type: 'boolean', default: false, describe: 'Throw earlier results of the folder away' })
      .options(jsonOption)
      .example('$0 run sweeps/balanced-scaling.yaml', 'the study that npm start runs'),
  handler: async (args) => {
    const { loadStudy } = await import('../../files/spec-file.js');
    const { summarizeFront } = await import('../../report/front-summary.js');
    const { frontJson } = await import('../fronts.js');

    const workers = args.workers === undefined ? undefined : wholeNumber('workers', args.workers, 1, 1024);
    const chunkPoints = args.chunk === undefined ? undefined : wholeNumber('chunk', args.chunk, 1, MAX_CHUNK_POINTS);
    const study = loadStudy(args.spec);
    const folder = args.out === undefined ? `results/${study.name}` : lastOf(args.out);
    const front = await evaluateAndStore(study, folder, {
      fresh: args.fresh,
      ...(workers === undefined ? {} : { workers }),
      ...(chunkPoints === undefined ? {} : { chunkPoints }),
    });
    if (args.json) return printJson(frontJson(front));
    const { objectives, front: designs } = front;
    await printLine(summarizeFront(study, objectives, designs, SHOWN_DESIGNS));
    if (designs.length > SHOWN_DESIGNS)
      note(`all designs of the front: delta-sweep pareto ${args.out === undefined ? study.name : folder}`);
  },
};

interface EvaluateOptions {
  fresh: boolean;
  workers?: number;
  chunkPoints?: number;
}

/** Runs what is left of a study into its folder, and returns its front. */
async function evaluateAndStore(study: Study, folder: string, options: EvaluateOptions) {
  const { DeltaSweepError } = await import('../../errors.js');
  const { runStudy } = await import('../../engine/run.js');
  const { showDuration, showNumber } = await import('../../model/units.js');
  const { unreadAxes, workloadNames } = await import('../../space/study.js');
  const { planNotes } = await import('../../report/plan.js');
  const { StudyRun } = await import('../../store/study-run.js');
  const { checkRoom } = await import('../room.js');
  const { computeFront, storedFront } = await import('../fronts.js');
  const { progressLine } = await import('../progress.js');
  const { stopOnSignals } = await import('../signals.js');
  const { toolVersion } = await import('../version.js');

  planNotes({ model: study.model, unread_axes: unreadAxes(study), workloads: workloadNames(study) }).forEach(note);
  checkRoom(study, folder);
  const run = new StudyRun(folder, study, { toolVersion: toolVersion(), fresh: options.fresh });
  if (run.isFinished) {
    run.finish();
    note(`${folder} holds this study, finished; nothing to do (--fresh starts anew)`);
    return storedFront(folder, study, study.objectives) ?? computeFront(folder, study, study.objectives);
  }
  if (run.nextId > 0) note(`going on where an earlier run stopped, at point ${showNumber(run.nextId)}`);

  const start = performance.now();
  const progress = progressLine(process.stderr);
  const signals = stopOnSignals();
  try {
    const { workers, chunkPoints } = options;
    const finished = await runStudy(study, run, {
      ...(workers === undefined ? {} : { workers }),
      ...(chunkPoints === undefined ? {} : { chunkPoints }),
      from: run.nextId,
      signal: signals.signal,
      onProgress: (state) => progress.update(state),
    });
    progress.clear();
    if (!finished)
      throw new DeltaSweepError('interrupted', [{ what: 'interrupted; the same command goes on where it stopped' }]);
  } catch (error) {
    progress.clear();
    run.stop();
    throw error;
  } finally {
    signals.dispose();
  }
  const { points, rejected } = run.counts;
  run.finish();
  const seconds = (performance.now() - start) / 1000;
  note(`${showNumber(points)} points stored, ${showNumber(rejected)} rejected, in ${showDuration(seconds)}: ${folder}`);
  return computeFront(folder, study, study.objectives);
}
