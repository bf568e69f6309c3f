/** Signals to a process of its own that waits until it is told to stop. */
import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../helpers/command.js';

const MODULE = pathToFileURL(join(PACKAGE_ROOT, 'dist/src/cli/signals.js')).href;

const WAITS = `
import { stopOnSignals } from ${JSON.stringify(MODULE)};
const { signal } = stopOnSignals();
signal.addEventListener('abort', () => console.log('told to stop'));
setInterval(() => {}, 1000);
console.log('ready');`;

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it('asks to stop, also where it comes twice in a moment; sent again, it ends the process at once', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', WAITS], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const lines: string[] = [];
    child.stdout.on('data', (text: Buffer) => lines.push(...text.toString().trim().split('\n')));
    while (!lines.includes('ready')) await once(child.stdout, 'data');
    child.kill(signal);
    child.kill(signal);
    while (!lines.includes('told to stop')) await once(child.stdout, 'data');
    await sleep(300);
    expect(child.exitCode).toBeNull();
    child.kill(signal);
    expect(await ended).toEqual([130, null]);
    expect(lines).toEqual(['ready', 'told to stop']);
  });
});
