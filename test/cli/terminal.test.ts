/** What the command shows on a terminal, given one by script(1), and what it does not show elsewhere. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeSpec } from '../helpers/specs.js';
import { MAIN, printed, start } from '../helpers/command.js';
import { TINY } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
const where = hasScript ? it : it.skip;

const ESCAPE = '\u001B';
const BRAILLE = /[\u2801-\u28FF]/;
const UTF8 = { LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  writeSpec(folder, TINY);
});

/** What a terminal of a number of columns gets. */
async function shown(args: string, env: Record<string, string> = {}, columns = 120): Promise<string> {
  const set = Object.entries({ ...UTF8, ...env }).map(([name, value]) => `${name}=${value}`);
  const command = `stty cols ${columns}; exec "${process.execPath}" "${MAIN}" ${args}`;
  // Nothing else of the environment: Node takes hints on colour from many variables, CI among them.
  const kept = ['PATH', 'HOME'].flatMap((name) =>
    process.env[name] === undefined ? [] : `${name}=${process.env[name]}`,
  );
  const { code, stdout } = await start('env', ['-i', ...kept, ...set, 'script', '-qec', command, '/dev/null'], folder)
    .outcome;
  expect(code).toBe(0);
  return stdout.replaceAll('\r\n', '\n');
}

describe('on a terminal', () => {
  where('a run shows its progress in one line, then its front as a picture', async () => {
    const text = await shown('run sweep.yaml --workers 1');
    expect(text).toMatch(BRAILLE);
    expect(text).toContain('area_mm2 [mm2]');
    expect(text).toContain(`${ESCAPE}[K`);
    expect(text).toMatch(/40 points stored/);
  });

  where('the front is drawn in colour, unless NO_COLOR says otherwise', async () => {
    expect(await shown('pareto tiny')).toContain(`${ESCAPE}[1;32m*`);
    const plain = await shown('pareto tiny', { NO_COLOR: '1' });
    expect(plain).toMatch(BRAILLE);
    expect(plain).not.toContain(ESCAPE);
    expect(await shown('pareto tiny', { NO_COLOR: '1', FORCE_COLOR: '1' })).toContain(`${ESCAPE}[1;32m*`);
  });

  where('no line is wider than it is', async () => {
    const text = await shown('pareto tiny', { NO_COLOR: '1' }, 64);
    const picture = text.slice(text.indexOf('time_ms [ms]'));
    expect(picture).toMatch(BRAILLE);
    for (const line of picture.split('\n')) expect(line.length).toBeLessThanOrEqual(64);
  });

  where.each([
    ['is simple', { TERM: 'dumb' }],
    ['has no Unicode', { LC_ALL: 'POSIX' }],
  ])('that %s there is no picture', async (_, env) => {
    const text = await shown('pareto tiny', env);
    expect(text).toBe(await printed(['pareto', 'tiny'], folder));
  });
});

describe('in a pipe', () => {
  where('there is no picture, no colour and no rewritten line, whatever FORCE_COLOR says', async () => {
    const args = [
      ...Object.entries({ ...UTF8, FORCE_COLOR: '1' }).map((pair) => pair.join('=')),
      process.execPath,
      MAIN,
    ];
    const { stdout, stderr } = await start('env', [...args, 'run', 'sweep.yaml', '--fresh', '--workers', '1'], folder)
      .outcome;
    expect(stdout + stderr).not.toMatch(BRAILLE);
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(stdout).toContain('on the front');
  });
});
