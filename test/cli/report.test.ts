import { beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { SweepSpec } from '../../src/space/study.js';
import { deltaSweep } from '../helpers/command.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();

const BASE = { baseline: 'titan-xp', workloads: [{ network: 'alexnet', batch: 2 }] };

const SPECS: Record<string, Partial<SweepSpec>> = {
  plain: { axes: { sm_count: { scale: [1, 2, 4] }, l2_gbps: { scale: [1, 2] }, dram_gbps: { scale: [1, 2, 3] } } },
  options: {
    options: [
      { name: 'as-it-is' },
      { name: 'more-sms', scale: { sm_count: 2 } },
      { name: 'none', values: { register_kib: 16 } },
    ],
  },
  front: { axes: { sm_count: { scale: [1, 2] }, clock_ghz: { scale: [1, 1.2] } }, store: { points: 'front' } },
  infeasible: { axes: { register_kib: { values: [16, 17] } } },
  one: { axes: { sm_count: { values: [30] } } },
  'one-objective': { axes: { sm_count: { scale: [1, 2] } }, objectives: { minimize: ['energy_j'] } },
  four: {
    axes: { sm_count: { scale: [1, 2, 4] }, dram_gbps: { scale: [1, 2] } },
    objectives: { minimize: ['time_ms', 'area_mm2', 'power_w'], maximize: ['balance'] },
    workloads: [
      { network: 'alexnet', batch: 2 },
      { network: 'alexnet', batch: 4, pass: 'training' },
    ],
  },
};

let folder: string;

async function run(args: string[]): Promise<string> {
  const { code, stderr } = await deltaSweep(args, folder);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stderr;
}

interface Element {
  textContent: string;
  getAttribute(name: string): string;
  querySelector(selector: string): Element;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** The page of a study, written once. */
const written = new Map<string, Promise<string>>();

async function write(study: string): Promise<string> {
  await run(['report', study, '--to', `${study}.html`]);
  return readFileSync(join(folder, `${study}.html`), 'utf8');
}

async function reportOf(study: string): Promise<Element> {
  if (!written.has(study)) written.set(study, write(study));
  return (parseHTML((await written.get(study))!) as unknown as { document: Element }).document;
}

const textOf = (page: Element, selector: string) =>
  page.querySelector(selector).textContent.replace(/\s+/g, ' ').trim();
const count = (page: Element, selector: string) => [...page.querySelectorAll(selector)].length;

/** A copy of the study `plain` as if its run had not finished. */
function makePartial(name: string, without: string): void {
  const partial = join(folder, 'results', name);
  mkdirSync(partial);
  const manifest = JSON.parse(readFileSync(join(folder, 'results/plain/study.json'), 'utf8')) as object;
  writeFileSync(join(partial, 'study.json'), JSON.stringify({ ...manifest, finished: null }));
  const from = new Database(join(folder, 'results/plain/study.db'));
  from.exec(`VACUUM INTO '${join(partial, 'study.db')}'`);
  from.close();
  const stored = new Database(join(partial, 'study.db'));
  stored.exec(without);
  stored.close();
}

beforeAll(async () => {
  folder = makeFolder();
  for (const [name, spec] of Object.entries(SPECS)) {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...BASE, name, ...spec }));
    await run(['run', `${name}.json`, '--workers', '1']);
  }
});

describe('report', () => {
  it('writes a page that forbids itself to load anything', async () => {
    const page = await reportOf('plain');
    const policy = page.querySelector('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src 'sha256-[^']+'; /,
    );
    expect(count(page, '[src], link, iframe, object, embed, form')).toBe(0);
    expect(count(page, 'svg')).toBe(2 * 5); // each chart twice: for wide and for narrow windows
    expect(textOf(page, '.headline')).toMatch(/^[\d.]+ times as fast as titan-xp, on [\d.]+ times its silicon$/);
  });

  it('is the same each time', async () => {
    await reportOf('plain');
    await run(['report', 'plain', '--to', 'again.html']);
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(await written.get('plain'));
  });

  it('gives every chart a title, a description and its figures', async () => {
    const page = await reportOf('plain');
    for (const svg of page.querySelectorAll('svg')) {
      expect(svg.querySelector('title').textContent.length).toBeGreaterThan(5);
      expect(svg.querySelector('desc').textContent.length).toBeGreaterThan(20);
    }
    expect(count(page, 'figure details table')).toBe(5);
  });

  it('has the front of pareto in its table and its chart', async () => {
    const { stdout } = await deltaSweep(['pareto', 'plain', '--json'], folder);
    const { front } = JSON.parse(stdout) as { front: { id: number }[] };
    const page = await reportOf('plain');
    const rows = [...page.querySelectorAll('.scaling tbody tr')].map((row) => Number(row.getAttribute('data-id')));
    expect(rows).toEqual(front.map(({ id }) => id));
    const marks = new Set(
      [...page.querySelectorAll('.wide svg[data-chart=pareto] [data-id]')].map((mark) =>
        Number(mark.getAttribute('data-id')),
      ),
    );
    expect([...marks].sort((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, id) => id));
  });

  it.each([
    ['options', 10, '2 designs on the front: minimize time_ms, minimize area_mm2.'],
    ['front', 10, 'The study stores only its front, so there are no other designs to show.'],
    ['one', 8, '1 design on the front'],
    ['one-objective', 10, 'minimize energy_j'],
    ['four', 20, 'drawn over the first two objectives'],
  ])('tells of the study %s in %d charts', async (study, charts, words) => {
    const page = await reportOf(study);
    expect(count(page, 'svg')).toBe(charts);
    expect(textOf(page, '.part-pareto .intro')).toContain(words);
    expect(textOf(page, 'main')).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const svg of page.querySelectorAll('svg'))
      expect((svg as unknown as { outerHTML: string }).outerHTML).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('says why no design can run', async () => {
    const page = await reportOf('infeasible');
    expect(textOf(page, '.headline')).toBe('No design of this study can run it');
    expect(textOf(page, '.lede')).toMatch(/^Every design is infeasible: no CTA fits an SM: .*\(2 designs\)\.$/);
    expect(count(page, 'svg')).toBe(0);
  });

  it('says of a workload without a point that none is stored yet', async () => {
    makePartial('empty', 'DELETE FROM evaluated; DELETE FROM pareto');
    const page = await reportOf('empty');
    expect(textOf(page, '.headline')).toBe('No design is stored yet');
    expect(textOf(page, '.lede')).toBe('The run has not stored a design of this workload yet.');
  });

  it('names the options, and marks those on the front', async () => {
    const page = await reportOf('options');
    expect(textOf(page, '.scaling tbody')).toMatch(/as-it-is.*more-sms|more-sms.*as-it-is/);
    expect(textOf(page, '.panel h3')).toMatch(/as-it-is|more-sms/);
  });

  it('tells constants with their sources, the identity and the whole study', async () => {
    const page = await reportOf('plain');
    const { hash } = JSON.parse(readFileSync(join(folder, 'results/plain/study.json'), 'utf8')) as { hash: string };
    expect(textOf(page, '#provenance')).toContain(hash);
    expect(textOf(page, '#provenance')).toContain('assumption: as dense as L2');
    expect(JSON.parse(page.querySelector('#provenance pre').textContent)).toMatchObject({
      name: 'plain',
      model: 'delta',
    });
  });

  it('says of a study that has not finished that it is partial', async () => {
    makePartial('partial', 'DELETE FROM evaluated WHERE id >= 9; DELETE FROM pareto');
    const page = await reportOf('partial');
    expect(textOf(page, '.warning')).toBe(
      'The run of this study has not finished: the report covers the points stored so far.',
    );
    expect(count(page, 'svg')).toBe(10);
  });
});

describe('single charts', () => {
  it.each(['pareto', 'speedup'])('of %s are SVG that stands alone, and PNG', async (chart) => {
    await run(['report', 'plain', '--chart', chart, '--svg', `${chart}.svg`, '--png', `${chart}.png`]);
    const svg = readFileSync(join(folder, `${chart}.svg`), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toContain('var(');
    const png = readFileSync(join(folder, `${chart}.png`));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const viewBox = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3 * Number(viewBox[1]), 3 * Number(viewBox[2])]);
    expect(existsSync(join(folder, 'report.html'))).toBe(false);
  });

  it('are refused of a workload that is not there, before the points are read', async () => {
    const unread = makeFolder();
    copyFileSync(join(folder, 'results/plain/study.json'), join(unread, 'study.json'));
    const { code, stderr } = await deltaSweep(['report', unread, '--workload', '2', '--png', 'x.png'], folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--workload, got 2, expected a whole number')]);
  });

  it('are of the workload that is asked for', async () => {
    await run(['report', 'four', '--chart', 'shares', '--workload', '2', '--svg', 'second.svg']);
    expect(readFileSync(join(folder, 'second.svg'), 'utf8')).toContain('alexnet, batch 4, training');
  });
});

describe('report says in one line', () => {
  beforeAll(() => writeFileSync(join(folder, 'there.svg'), ''));

  it.each([
    [['plain', '--to', 'results'], 'results: is a folder, expected a file that ends in .html'],
    [
      ['plain', '--to', 'no/where.html'],
      'no/where.html: cannot be written: ENOENT: no such file or directory, expected a name in a folder that exists and can be written to',
    ],
    [['plain', '--to', 'page.txt'], '--to, got "page.txt", expected a file that ends in .html'],
    [['plain', '--svg', 'there.svg'], 'there.svg: exists, expected another name, or --force to replace it'],
    [['plain', '--chart', 'paretto', '--svg', 'x.svg'], "did you mean 'pareto'?"],
    [['plain', '--chart', 'pareto'], '--chart is of single charts, expected --svg FILE or --png FILE with it'],
    [['plain', '--workload', '2', '--png', 'x.png'], '--workload, got 2, expected a whole number from 1 to 1'],
    [
      ['infeasible', '--png', 'x.png'],
      '--chart pareto: the study has nothing to draw on it for alexnet, batch 2, forward',
    ],
    [['nowhere'], "no study 'nowhere'"],
  ])('what is wrong with %j', async (args, message) => {
    const { code, stderr } = await deltaSweep(['report', ...args], folder);
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain(message);
    expect(readdirSync(folder).filter((file) => file.endsWith('.partial'))).toEqual([]);
  });
});
