/** Everything that is printed fits 100 columns, for all that is built in. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { frontOf } from '../../src/analysis/front.js';
import { planStudy } from '../../src/engine/plan.js';
import { RangeEvaluator } from '../../src/engine/evaluate-range.js';
import { loadGpu } from '../../src/files/gpu-file.js';
import { builtinNames } from '../../src/files/library.js';
import { loadNetwork } from '../../src/files/network-file.js';
import { loadStudy } from '../../src/files/spec-file.js';
import { evaluateLayer } from '../../src/model/evaluate.js';
import { toGpu } from '../../src/model/gpu.js';
import { renderGpu, renderGpus, renderNetwork, renderNetworks } from '../../src/report/catalog.js';
import { renderExplanation } from '../../src/report/explain.js';
import { summarizeFront } from '../../src/report/front-summary.js';
import type { FrontPoint } from '../../src/report/front-table.js';
import { planNotes, renderPlan } from '../../src/report/plan.js';
import { cellOf, columnsOf } from '../../src/space/columns.js';
import { gridOf } from '../../src/space/study.js';

const WIDTH = 100;

function expectToFit(text: string): void {
  expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
  expect(text).not.toMatch(/undefined|NaN|\[object/);
  expect(text).not.toMatch(/ \n/);
}

const gpus = builtinNames('gpus');
const networks = builtinNames('networks');

describe('what is printed', () => {
  it.each(gpus.flatMap((gpu) => networks.map((network) => [network, gpu] as const)))(
    'fits, explaining %s on %s',
    (network, gpu) => {
      const { layers } = loadNetwork(network);
      const results = layers.map((layer) => {
        const result = evaluateLayer(toGpu(loadGpu(gpu)), layer, 256);
        if ('infeasible' in result) throw new Error(result.infeasible);
        return result;
      });
      const text = renderExplanation({
        ...{ gpu, network, batch: 256, pass: 'forward', model: 'delta-2019', set: {} },
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
    const plan = planStudy(loadStudy(sweep), 2);
    expectToFit(renderPlan(plan));
    expectToFit(planNotes(plan).join('\n'));
  });
});

describe('the front of the main study', () => {
  const study = loadStudy('balanced-scaling');
  let front: FrontPoint[];
  beforeAll(() => {
    const columns = columnsOf(study);
    const { batch } = new RangeEvaluator(study).evaluate(0, gridOf(study).size);
    const values = (name: string) =>
      (batch.columns[columns.findIndex((column) => column.name === name)] as Float64Array).slice(0, batch.rows);
    const metrics = study.objectives.map(({ metric }) => values(metric));
    const feasible = [...values('id')].flatMap((_, row) => (Number.isNaN(metrics[0]![row]!) ? [] : [row]));
    const pick = (of: Float64Array) => Float64Array.from(feasible, (row) => of[row]!);
    const designs = frontOf(study, study.objectives, { ids: pick(values('id')), values: metrics.map(pick) });
    const rowOf = new Map([...values('id')].map((id, row) => [id, row]));
    front = designs.map(({ id, balanced, knee }) => ({
      ...Object.fromEntries(
        columns.map((column, c) => [column.name, cellOf(column, batch.columns[c]!, rowOf.get(id)!)]),
      ),
      ...{ id, balanced, knee },
    }));
  });

  it.each([24, 1000])('fits, with at most %i designs', (most) => {
    const text = summarizeFront(study, study.objectives, front, most);
    expectToFit(text);
    expect(text).toMatch(/\n *\*\d+ /);
    expect(text).toMatch(/\n *k\d+ /);
  });

  it('keeps the second bottleneck where there is room', () => {
    expect(summarizeFront(study, study.objectives, front, 24)).toMatch(/compute \d+%, dram \d+%/);
  });
});
