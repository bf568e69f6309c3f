/**
 * Has the bundles in dist/cli do what people do with them, and keeps what V8 compiled for that as their code caches
 * (src/start/code-cache.cts). What fails, such as a run where SQLite is not installed, is not in them.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Engine } from '../src/engine/run.js';
import { MemorySink } from '../src/engine/sink.js';
import { loadStudy } from '../src/files/spec-file.js';
import codeCache from '../src/start/code-cache.cjs';
import { ROOT } from './console-blocks.js';

/** A small study that has something of everything. */
const SPEC = {
  name: 'recorded',
  baseline: 'titan-xp',
  workloads: [{ network: 'alexnet', batch: 32 }],
  axes: { sm_count: { scale: [1, 2] }, l2_gbps: { scale: [1, 2] }, dram_gbps: { scale: [1, 2, 3] } },
};

const folder = mkdtempSync(join(tmpdir(), 'delta-sweep-record-'));
const spec = join(folder, 'spec.json');
writeFileSync(spec, JSON.stringify(SPEC));

/** Records a thread of a run. */
async function recordThread(): Promise<void> {
  const workerFile = pathToFileURL(join(ROOT, 'dist/scripts/recording-thread.cjs')).href;
  const engine = await Engine.open(loadStudy(spec), { workers: 1, workerFile, chunksFolder: folder });
  await engine.run(new MemorySink());
  await engine.close();
}

/** Records the command, which runs many times in this process: each time ends where nothing is left to do. */
async function recordCommand(): Promise<void> {
  const file = join(ROOT, 'dist/cli/command.js');
  const [whole, sharded] = [join(folder, 'whole'), join(folder, 'sharded')];
  const commands = [
    ['explain', '--gpu', 'titan-xp', '--network', 'resnet152'],
    ['run', spec, '--out', whole, '--workers', '1'],
    ...['1/2', '2/2'].map((shard) => ['run', spec, '--out', sharded, '--workers', '1', '--shard', shard]),
    ['status', sharded],
    ['merge', sharded],
    ['pareto', whole],
    ['--help'],
  ];
  process.exit = (() => undefined) as typeof process.exit; // help ends the process
  const script = codeCache.compileBundle(file);
  for (const words of commands) {
    process.argv = [process.execPath, file, ...words];
    codeCache.runBundle(script, file, createRequire(file));
    setImmediate(() => undefined); // where nothing was begun, nothing would end
    await once(process, 'beforeExit');
  }
  codeCache.writeCache(file, script);
}

await recordThread();
await recordCommand();
rmSync(folder, { recursive: true });
process.exitCode = 0; // whatever a command said
