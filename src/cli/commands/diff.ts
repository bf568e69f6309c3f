import type { CommandModule } from 'yargs';
import { jsonOption, studyArgument } from '../options.js';
import { printJson, printLine } from '../output.js';

interface Arguments {
  before: string;
  after: string;
  json: boolean;
}

export const diffCommand: CommandModule<object, Arguments> = {
  command: 'diff <before> <after>',
  describe: 'What moved between two stored studies: the spec, the front, figures, bottlenecks',
  builder: (yargs) =>
    yargs
      .positional('before', studyArgument)
      .positional('after', { ...studyArgument, describe: 'Another one, or its name' })
      .options(jsonOption)
      .example('$0 diff balanced-scaling scaling-options', ''),
  handler: async ({ before, after, json }) => {
    const { describeDiff } = await import('../../report/diff.js');
    const { diffJson } = await import('../../report/diff-json.js');
    const { findStudy } = await import('../../storage/folder/study-folder.js');
    const { diffStudies } = await import('../../study/diff-studies.js');

    const side = (name: string) => ({ name, folder: findStudy(name) });
    const diff = await diffStudies(side(before), side(after));
    return json ? printJson(diffJson(diff)) : printLine(describeDiff(diff));
  },
};
