/** The functions of the library, as a program that uses the package calls them. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweepSpec } from '../../src/space/study.js';
import { checkStudy } from '../../src/study/check-study.js';
import { exportStudy } from '../../src/study/export-study.js';
import { openStudy } from '../../src/study/open-study.js';
import { paretoOf } from '../../src/study/pareto.js';
import { queryStudy, type Question } from '../../src/study/query-study.js';
import { runStudy } from '../../src/study/run-study.js';
import { searchFrontier } from '../../src/study/search-frontier.js';
import { sensitivityOf } from '../../src/study/sensitivity.js';
import { studyOf, TINY } from '../helpers/specs.js';
import { tempFolders } from '../helpers/temp.js';

const makeFolder = tempFolders();
const workers = 1;
const aborted = { signal: AbortSignal.abort() };
let out: string;

beforeAll(async () => {
  out = makeFolder();
  await runStudy(TINY, { out, workers });
});

const rowsOf = (question: Question, attached: Record<string, string> = {}) => {
  const { rows, close } = queryStudy(out, question, { attached });
  try {
    return [...rows];
  } finally {
    close();
  }
};

describe('runStudy', () => {
  it('gives a spec, its file and the resolved study the same points', async () => {
    const directory = makeFolder();
    writeFileSync(join(directory, 'tiny.json'), JSON.stringify(TINY));
    const folders = [makeFolder(), makeFolder()];
    const sources = ['./tiny.json', studyOf(TINY)];
    const results = await Promise.all(
      sources.map((source, i) => runStudy(source, { out: folders[i]!, directory, workers })),
    );
    for (const { folder, front } of results) {
      expect(openStudy(folder)).toEqual({ ...openStudy(out), folder });
      const own = await paretoOf(out);
      expect(front).toEqual({ ...own, seconds: front.seconds });
    }
  });

  it('resolves the paths of a spec from the directory given', async () => {
    const directory = makeFolder();
    mkdirSync(join(directory, 'networks'));
    const layer = { name: 'only', in_channels: 8, in_height: 8, in_width: 8, out_channels: 8, filter: 3 };
    writeFileSync(join(directory, 'networks/mine.json'), JSON.stringify({ name: 'mine', layers: [layer] }));
    const spec: SweepSpec = { ...TINY, workloads: [{ network: './networks/mine.json', batch: 2 }] };
    await expect(runStudy(spec, { out: makeFolder(), workers })).rejects.toThrow(/mine\.json: no such file/);
    const { study } = await runStudy(spec, { out: makeFolder(), directory, workers });
    expect(study.workloads[0]!.network.name).toBe('mine');
  });

  it('names the wrong field of a spec that is an object', async () => {
    const spec = { ...TINY, axes: { sm_cuont: { scale: [1] } } } as SweepSpec;
    await expect(runStudy(spec, { out: makeFolder(), workers })).rejects.toThrow(/^spec: .*sm_cuont.*sm_count/);
  });

  it('installs no signal handler, and reports progress and notes to its listeners alone', async () => {
    const before = process.eventNames().map((name) => [name, process.listenerCount(name)]);
    const notes: string[] = [];
    const units = new Set<string>();
    let during: unknown;
    await runStudy(TINY, {
      ...{ out: makeFolder(), workers },
      onProgress: ({ unit }) => {
        units.add(unit);
        during = (['SIGINT', 'SIGTERM'] as const).map((name) => process.listenerCount(name));
      },
    });
    expect(during).toEqual([0, 0]);
    expect([...units]).toEqual(['points', 'chunks in points.arrow']);
    const { isNew } = await runStudy(TINY, { out, workers, onNote: (note) => notes.push(note) });
    expect(isNew).toBe(false);
    expect(notes).toEqual([`${out} holds this study, finished; nothing to do (--fresh starts anew)`]);
    expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(before);
  });
});

describe('the functions on stored studies', () => {
  it('ask SQL and recipes, also of a study beside the first', () => {
    const [[points]] = rowsOf('SELECT count(*) FROM points') as [[number]];
    expect(rowsOf('SELECT count(*) FROM again.points', { again: out })).toEqual([[points]]);
    expect(rowsOf({ recipe: 'best-under-area', values: { area_mm2: 1e6, designs: 2 } })).not.toEqual([]);
  });

  it('refuse wrong names with the ones that are meant', async () => {
    expect(() => rowsOf({ recipe: 'best-under-aera' })).toThrow(/did you mean 'best-under-area'|best-under-area/);
    expect(() => rowsOf({ recipe: 'best-under-area', values: { area: 1 } })).toThrow(
      /^value of recipe best-under-area.*area_mm2/,
    );
    expect(() => rowsOf('SELECT 1', { 'x" AS y; --': out })).toThrow(/^attached.*expected a name of letters/);
    expect(() => sensitivityOf(out, { metric: 'time' })).toThrow(/^metric: unknown value.*time_ms/);
    const objectives = [{ metric: 'aera_mm2', goal: 'minimize' as const }];
    await expect(paretoOf(out, { objectives })).rejects.toThrow(/^objective: unknown value.*area_mm2/);
    const limits = [{ metric: 'aera_mm2', side: 'at most' as const, value: 1 }];
    await expect(paretoOf(out, { limits })).rejects.toThrow(/^limit: unknown value.*area_mm2/);
    expect(() => openStudy(makeFolder())).toThrow(/study\.json/);
  });

  it('find the same front as a search that does not evaluate all designs', async () => {
    const found = await searchFrontier(TINY, {}, { out: makeFolder(), workers });
    const { designs } = await paretoOf(out);
    expect(found.designs.map(({ id }) => id).sort()).toEqual(designs.map(({ id }) => id).sort());
  });

  it('stop at a signal with an error of its own code', async () => {
    const interrupted = { code: 'interrupted' };
    await expect(paretoOf(out, {}, aborted)).rejects.toMatchObject(interrupted);
    await expect(exportStudy(out, { to: join(out, 'p.csv'), ...aborted })).rejects.toMatchObject(interrupted);
    const checks = async () => {
      for await (const { problems } of checkStudy(out, aborted)) expect(problems).toEqual([]);
    };
    await expect(checks()).rejects.toMatchObject(interrupted);
  });
});
