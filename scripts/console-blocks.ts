/**
 * The commands that the docs show: every ```console block of README.md and docs/ is run, and what it shows is what
 * comes out. `npm run docs` writes the outputs, a test holds them against the program.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../src/package-root.js';

/** The package's root. */
export const ROOT = fileURLToPath(PACKAGE_ROOT);

const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

/** The pages whose commands are run, relative to the root. */
export function documentedPages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.sort().map((file) => `docs/${file}`)];
}

/** Prepares a folder to run blocks in: `delta-sweep` on its own path, the built-in sweeps in place. */
export function prepareFolder(folder: string): void {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const shim = join(bin, 'delta-sweep');
  writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'dist/cli/main.js')}" "$@"\n`);
  chmodSync(shim, 0o755);
  symlinkSync(join(ROOT, 'sweeps'), join(folder, 'sweeps'));
}

/** What a command prints on stdout, run by bash in a prepared folder. */
export function runInFolder(command: string, folder: string): string {
  const PATH = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH };
  return execFileSync('bash', ['-c', `set -o pipefail\n${command}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .toString('utf8')
    .replace(/\n*$/, '\n');
}

/** The commands of a block: `$ ` starts one, `> ` continues it. */
function commandsOf(block: string): string[] {
  const commands: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (line.startsWith('> ')) commands[commands.length - 1] += `\n${line.slice(2)}`;
  }
  return commands;
}

const asTyped = (command: string) => `$ ${command.replaceAll('\n', '\n> ')}\n`;

/** The page with the real output under each of its commands. */
export function withOutputs(page: string, folder: string): string {
  return page.replace(BLOCK, (_, block: string) => {
    const parts = commandsOf(block).map((command) => asTyped(command) + runInFolder(command, folder));
    return `\`\`\`console\n${parts.join('')}\`\`\``;
  });
}
