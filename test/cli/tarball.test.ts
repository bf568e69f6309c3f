/** What `npm publish` would ship: it holds what it needs, and works where it is unpacked. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT, start } from '../helpers/command.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const DEPENDENCIES = join(PACKAGE_ROOT, 'node_modules');
let folder: string;
let files: string[];

async function succeed(program: string, args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await start(program, args, cwd).outcome;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit code ${code}: ${stdout}${stderr}`);
  return stdout;
}

/** Links what an install puts beside the unpacked package: its dependencies and theirs, and the types of Node, which users have. */
function linkDependencies(): void {
  const { packages } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const installed = Object.keys(packages).filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path));
  for (const path of installed.filter((path) => !packages[path]!.dev || path === 'node_modules/@types/node')) {
    if (!existsSync(join(PACKAGE_ROOT, path))) continue; // of another platform
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(realpathSync(join(PACKAGE_ROOT, path)), join(folder, path));
  }
}

/** Type checks programs of a user as strictly as TypeScript can, the package's own types included, and compiles them. */
async function compile(...programs: string[]): Promise<void> {
  const strictly = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noUnusedLocals'];
  const options = ['--module', 'NodeNext', '--target', 'ES2022', ...strictly, '--types', 'node', '--ignoreConfig'];
  const tsc = join(DEPENDENCIES, 'typescript/bin/tsc');
  await succeed(process.execPath, [tsc, ...programs, ...options], folder);
}

beforeAll(async () => {
  folder = makeFolder();
  const packed = join(folder, 'packed');
  const installed = join(folder, 'node_modules/delta-sweep');
  mkdirSync(packed);
  mkdirSync(installed, { recursive: true });
  await succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], PACKAGE_ROOT);
  const tarball = join(packed, readdirSync(packed)[0]!);
  files = (await succeed('tar', ['tzf', tarball], folder)).trimEnd().split('\n');
  await succeed('tar', ['xzf', tarball, '--strip-components=1', '-C', installed], folder);
  linkDependencies();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});

describe('the package', () => {
  it.each([
    'package/package.json',
    'package/LICENSE',
    'package/dist/src/index.js',
    'package/dist/src/index.d.ts',
    'package/dist/cli/main.js',
    'package/dist/cli/LICENCES.txt',
    'package/dist/cli/worker.cjs',
    'package/dist/cli/package.json',
    'package/dist/cli/command.js',
    'package/dist/page/page.js',
    'package/dist/page/page.css',
    'package/dist/page/inter-400.woff2',
    'package/sweeps/balanced-scaling.yaml',
    'package/sweeps/gpus/titan-xp.yaml',
    'package/sweeps/networks/resnet152.yaml',
    'package/sweeps/costs/default.yaml',
    'package/sweeps/dies/published.yaml',
  ])('holds %s', (file) => {
    expect(files).toContain(file);
  });

  it('holds types for every module, and neither tests, sources, results nor dependencies', () => {
    const modules = files.filter((file) => file.startsWith('package/dist/src/') && file.endsWith('.js'));
    for (const file of modules) expect(files).toContain(file.replace(/\.js$/, '.d.ts'));
    expect(files.filter((file) => /\/(test|bench|results|node_modules|scripts)\//.test(file))).toEqual([]);
    expect(files.filter((file) => file.startsWith('package/src/') || /(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it('has a command that runs', async () => {
    const installed = join(folder, 'node_modules/delta-sweep');
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    const stdout = await succeed(process.execPath, [join(installed, bin['delta-sweep']!), 'gpus'], folder);
    expect(stdout).toMatch(/^titan-xp +NVIDIA TITAN Xp +30 /m);
  });

  it('runs a built-in study in its worker threads', async () => {
    const main = join(folder, 'node_modules/delta-sweep/dist/src/cli/main.js');
    const spec = join(folder, 'tiny.yaml');
    writeFileSync(
      spec,
      'name: tiny\nbaseline: v100\nworkloads: [{ network: alexnet, batch: 2 }]\naxes: { sm_count: { scale: [1, 2] } }\n',
    );
    await expect(succeed(process.execPath, [main, 'run', spec], folder)).resolves.toMatch(/alexnet, batch 2/);
  });

  it('type checks and runs from a program of a user', async () => {
    const program = `
import { evaluateLayer, loadGpu, loadNetwork, toGpu, type GpuSpec, type LayerResult } from 'delta-sweep';

const spec: GpuSpec = loadGpu('titan-xp');
const [layer] = loadNetwork('alexnet').layers;
if (!layer) throw new Error('no layer');
const result = evaluateLayer(toGpu(spec), layer, 256);
if ('infeasible' in result) throw new Error(result.infeasible);
const { seconds, bottleneck }: LayerResult = result;
console.log(layer.name, seconds > 0, bottleneck);
`;
    writeFileSync(join(folder, 'program.ts'), program);
    await compile('program.ts');
    expect(await succeed(process.execPath, ['program.js'], folder)).toBe('conv1 true issue\n');
    writeFileSync(join(folder, 'wrong.ts'), "import { loadGpu } from 'delta-sweep';\nloadGpu(7).sm_count;\n");
    await expect(compile('wrong.ts')).rejects.toThrow("Argument of type 'number' is not assignable");
  });

  it('type checks the examples of docs/library.md, which run whole studies and print nothing of their own', async () => {
    const page = readFileSync(join(PACKAGE_ROOT, 'docs/library.md'), 'utf8');
    const examples = [...page.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
    const names = examples.map((code, i) => {
      writeFileSync(join(folder, `example-${i}.ts`), code);
      return `example-${i}`;
    });
    await compile(...names.map((name) => `${name}.ts`));
    const outputs: string[] = [];
    for (const name of names) {
      const { code, stdout, stderr } = await start(process.execPath, [`${name}.js`], folder).outcome;
      expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
      outputs.push(stdout);
    }
    expect(outputs).toEqual([
      expect.stringMatching(
        /^18 points, \d+ designs on the front\n(design \d+ is [\d.]+ times as fast\n){3}\d+ of at most 450 mm2, .* ms\n$/,
      ),
      expect.stringMatching(/\ninterrupted interrupted; the same command resumes where it stopped\n$/),
      expect.stringMatching(/^done, done\n\d+ 0\n$/),
      expect.stringMatching(/^memory true true\n(\S+ 0\n){5}\w+\n0\n$/),
      'true\n',
    ]);
    expect(readFileSync(join(folder, 'memory.parquet')).subarray(0, 4).toString()).toBe('PAR1');
    expect(readFileSync(join(folder, 'memory.html'), 'utf8')).toContain('<h1>memory</h1>');
  });
});
