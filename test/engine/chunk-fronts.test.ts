import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { WorkloadFronts } from '../../src/analysis/workload-fronts.js';
import { frontsReader } from '../../src/engine/chunk-fronts.js';
import { ChunkEvaluator } from '../../src/engine/evaluate-chunk.js';
import { factsOf } from '../../src/engine/facts.js';
import { objectiveReader } from '../../src/space/objectives.js';
import { gridOf } from '../../src/space/study.js';
import { SMALL, studyOf } from '../helpers/specs.js';

describe('what chunks add to the front', () => {
  const study = studyOf(SMALL);
  const facts = factsOf(study);
  const { size } = gridOf(study);
  const evaluator = new ChunkEvaluator(study, facts);
  const idsOf = (fronts: WorkloadFronts) =>
    study.workloads.map((_, workload) => [...fronts.of(workload).ids].sort((a, b) => a - b));

  it('makes the front of the study, however it is cut, in whatever order, by however many threads, however much they remember', () => {
    const all = new WorkloadFronts(study, study.objectives);
    const { batch } = evaluator.evaluate(0, { from: 0, to: size });
    all.add({ ids: batch.columns[0] as Float64Array, values: objectiveReader(study, facts)(batch) });
    let given = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: size }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(0, 5, 100_000),
        fc.infiniteStream(fc.nat()),
        (points, threads, mostRemembered, random) => {
          const draw = (below: number) => Number(random.next().value) % below;
          const readers = Array.from({ length: threads }, () => frontsReader(study, facts, mostRemembered));
          const starts = Array.from({ length: Math.ceil(size / points) }, (_, i) => i * points);
          const fronts = new WorkloadFronts(study, study.objectives);
          while (starts.length > 0) {
            const from = starts.splice(draw(starts.length), 1)[0]!;
            const chunk = evaluator.evaluate(0, { from, to: Math.min(size, from + points) });
            const rows = readers[draw(threads)]!(chunk.batch);
            given += rows.ids.length;
            fronts.add(rows);
          }
          expect(idsOf(fronts)).toEqual(idsOf(all));
        },
      ),
      { numRuns: 60 },
    );
    expect(given).toBeGreaterThan(0);
  });

  it('is less than the fronts of the chunks by themselves', () => {
    const points = Math.ceil(size / 20);
    const chunks = Array.from({ length: 20 }, (_, i) => ({ from: i * points, to: Math.min(size, (i + 1) * points) }));
    const rows = (read: () => ReturnType<typeof frontsReader>) =>
      chunks.reduce((sum, range) => sum + read()(evaluator.evaluate(0, range).batch).ids.length, 0);
    const reader = frontsReader(study, facts);
    expect(rows(() => reader)).toBeLessThan(rows(() => frontsReader(study, facts)));
  });
});
