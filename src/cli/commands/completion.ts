import type { CommandModule } from 'yargs';
import { printLine } from '../output.js';

export const completionCommand: CommandModule = {
  command: 'completion',
  describe: 'A script that completes commands and names, for bash or, where SHELL says so, zsh',
  builder: (yargs) => yargs.example('$0 completion > delta-sweep.bash', ''),
  handler: async () => {
    const { BASH_SCRIPT, ZSH_SCRIPT } = await import('../completion-scripts.js');
    const isZsh = /(^|\/)zsh$/.test(process.env['SHELL'] ?? '');
    return printLine(isZsh ? ZSH_SCRIPT : BASH_SCRIPT);
  },
};
