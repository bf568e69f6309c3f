/** Everything that is printed fits 100 columns, for all that is built in. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { planStudy } from '../../src/engine/plan.js';
import { loadGpu } from '../../src/space/files/gpu-file.js';
import { builtinNames } from '../../src/space/files/library.js';
import { loadNetwork } from '../../src/space/files/network-file.js';
import { loadStudy } from '../../src/space/files/spec-file.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { toGpu } from '../../src/model/gpu.js';
import { renderGpu, renderGpus, renderNetwork, renderNetworks } from '../../src/report/catalog.js';
import { renderExplanation } from '../../src/report/explain.js';
import { renderPlan } from '../../src/report/plan.js';
import { studyNotes } from '../../src/study/run-messages.js';

import { printed } from '../helpers/command.js';
import { tempFolders } from '../helpers/temp.js';

const WIDTH = 100;

const makeFolder = tempFolders();

function expectToFit(text: string): void {
  expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(text).not.toMatch(/ \n/);
}

const gpus = builtinNames('gpus');
const networks = builtinNames('networks');
const loaded = new Map(networks.map((name) => [name, loadNetwork(name)]));

describe('what is printed', () => {
  it.each(['titan-xp', 'h200'].flatMap((gpu) => networks.map((network) => [network, gpu] as const)))(
    'fits, explaining %s on %s',
    (network, gpu) => {
      const { layers } = loaded.get(network)!;
      const results = layers.map((layer) => {
        const result = evaluateLayer(toGpu(loadGpu(gpu)), layer, 256, 'forward', 'delta');
        if ('infeasible' in result) throw new Error(result.infeasible);
        return result;
      });
      const text = renderExplanation({
        ...{ gpu, network, batch: 256, pass: 'forward', model: 'delta', set: {} },
        layers: results,
      });
      expectToFit(text);
      for (const { name } of layers) expect(text).toContain(`\n${name} `);
    },
  );

  it.each(gpus)('fits, for the GPU %s', (gpu) => expectToFit(renderGpu(loadGpu(gpu))));
  it.each(networks)('fits, for the network %s', (network) => expectToFit(renderNetwork(loadNetwork(network))));
  it('fits, for the catalogues', () => {
    expectToFit(renderGpus(gpus.map((gpu) => loadGpu(gpu))));
    expectToFit(renderNetworks(networks.map((network) => loadNetwork(network))));
  });

  it.each(builtinNames('sweeps'))('fits, for the plan of %s', (sweep) => {
    const study = loadStudy(sweep);
    expectToFit(renderPlan(planStudy(study, 2)));
    expectToFit(studyNotes(study).join('\n'));
  });
});

it('the comparison of named options fits, whole and as a front', async () => {
  const folder = makeFolder();
  expectToFit(await printed(['run', 'scaling-options'], folder));
  expectToFit(await printed(['pareto', 'scaling-options'], folder));
});

describe('the front of the main study', () => {
  let folder: string;
  let shown: string;
  let whole: string;
  beforeAll(async () => {
    folder = makeFolder();
    shown = await printed(['run', 'balanced-scaling'], folder);
    whole = await printed(['pareto', 'balanced-scaling'], folder);
  });

  it('fits after a run, and whole, with its marks', () => {
    for (const text of [shown, whole]) {
      expectToFit(text);
      expect(text).toMatch(/\n *\*\d+ /);
      expect(text).toMatch(/\n *k\d+ /);
    }
    expect(whole.length).toBeGreaterThan(2 * shown.length);
  });

  it("fits, as what its axes do, in the help's own words", async () => {
    const text = await printed(['sensitivity', 'balanced-scaling', '--pays', '2%'], folder);
    expectToFit(text);
    expect(text).toContain('\nsm_count matters most: ');
  });

  it('keeps the second bottleneck where there is room', () => {
    expect(shown).toMatch(/issue \d+%, dram \d+%/);
  });
});
