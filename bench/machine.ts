/** What the benches ran on. */
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import Database from 'better-sqlite3';
import { outputOf, PYTHON } from './peers.js';

function sqliteVersion(): string {
  const database = new Database(':memory:');
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  database.close();
  return version;
}

const pythonVersion = (module: string) =>
  outputOf(PYTHON, ['-c', `import ${module}; print(${module}.__version__)`]) ?? 'none';

export function describeMachine(): Record<string, string> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memory: `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    system: `${process.platform} ${release()}`,
    Node: process.versions.node,
    V8: process.versions.v8,
    gcc: outputOf('gcc', ['-dumpfullversion']) ?? 'none',
    numpy: pythonVersion('numpy'),
    pandas: pythonVersion('pandas'),
    SQLite: sqliteVersion(),
  };
}
