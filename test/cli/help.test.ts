import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { deltaSweep, PACKAGE_ROOT, printed } from '../helpers/command.js';

const COMMANDS = readdirSync(join(PACKAGE_ROOT, 'dist/src/cli/commands'))
  .filter((file) => file.endsWith('.js'))
  .map((file) => basename(file, '.js'));

/** Arguments of the one example in a help text, which is on one line so that it can be copied. */
function exampleOf(help: string): string[] {
  const line = /\nExamples:\n {2}delta-sweep (.*)\n$/.exec(help)?.[1];
  if (line === undefined) throw new Error(`no example on one line in: ${help}`);
  return line.split(/ {2,}/)[0]!.split(' ');
}

describe('help', () => {
  it('lists every command', async () => {
    const help = await printed(['--help']);
    for (const command of COMMANDS) expect(help).toMatch(new RegExp(`^ {2}delta-sweep ${command} `, 'm'));
    expect(COMMANDS.length).toBeGreaterThanOrEqual(7);
  });

  it.each(COMMANDS)('of %s describes it, gives an example and fits 100 columns', async (command) => {
    const help = await printed([command, '--help']);
    expect(help).toMatch(new RegExp(`^delta-sweep ${command}`));
    expect(exampleOf(help)[0]).toBe(command);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    for (const option of help.matchAll(/^ {6}--\w+(.*)$/gm)) expect(option[1]).toMatch(/\w/);
  });

  it.each(['plan', 'explain', 'gpus', 'networks', 'trace', 'slurm'])('of %s has an example that works', async (command) => {
    const { code, stdout } = await deltaSweep(exampleOf(await printed([command, '--help'])));
    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBeGreaterThan(5);
  });

  it('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await printed(['--version'])).toBe(`${version}\n`);
  });
});
