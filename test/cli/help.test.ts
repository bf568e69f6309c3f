import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, exampleOf, PACKAGE_ROOT, printed } from '../helpers/command.js';

describe('help', () => {
  it('lists every command', async () => {
    const help = await printed(['--help']);
    for (const command of COMMANDS) expect(help).toMatch(new RegExp(`^ {2}delta-sweep ${command} `, 'm'));
    expect(COMMANDS.length).toBeGreaterThanOrEqual(7);
  });

  it.each(COMMANDS)('of %s describes it, gives an example and fits 100 columns', async (command) => {
    const help = await printed([command, '--help']);
    expect(help).toMatch(new RegExp(`^delta-sweep ${command}`));
    expect(exampleOf(help).split(' ')[1]).toBe(command);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    for (const option of help.matchAll(/^ {6}--\w+(.*)$/gm)) expect(option[1]).toMatch(/\w/);
  });

  it('tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await printed(['--version'])).toBe(`${version}\n`);
  });
});
