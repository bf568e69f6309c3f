import type { CommandModule } from 'yargs';
import { jsonOption, studyArgument } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  study: string;
  json: boolean;
}

export const checkCommand: CommandModule<object, Arguments> = {
  command: 'check <study>',
  describe: 'Verify a stored study: SQLite, checksums, Arrow against SQLite, sampled points evaluated anew',
  builder: (yargs) =>
    yargs.positional('study', studyArgument).options(jsonOption).example('$0 check balanced-scaling', ''),
  handler: async ({ study, json }) => {
    const { runError } = await import('../../errors.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { checkStudy } = await import('../../study/check-study.js');
    const { progressLine } = await import('../progress.js');

    const folder = findStudy(study);
    const progress = progressLine(process.stderr);
    const checks = [];
    for await (const check of checkStudy(folder, { onProgress: progress.update })) {
      progress.clear();
      checks.push(check);
      if (json) continue;
      const { name, verified, problems } = check;
      await printLine(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(8)}  ${verified}`);
      for (const problem of problems) await printLine(`          ${problem}`);
    }
    const problems = checks.flatMap((check) => check.problems);
    if (json) await printJson({ study: folder, ok: problems.length === 0, checks });
    if (problems.length > 0) throw runError(`${folder}: the study is not sound (${problems[0]})`);
  },
};
