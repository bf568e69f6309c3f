/** Charts are parsed as documents: their marks, places and texts. */
import { describe, expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { BOTTLENECKS } from '../../../src/model/bottleneck.js';
import type { DesignRow, Marked } from '../../../src/study/report-data/design-row.js';
import { parallelAxes } from '../../../src/report/charts/parallel-axes.js';
import { parallelChart } from '../../../src/report/charts/parallel-chart.js';
import { describePareto, paretoChart } from '../../../src/report/charts/pareto-chart.js';
import { inThemeOfPaper } from '../../../src/report/charts/svg.js';
import { segmentsOf, sharesChart } from '../../../src/report/charts/shares-chart.js';
import { slackChart, type ResourceUse } from '../../../src/report/charts/slack-chart.js';
import { speedupChart } from '../../../src/report/charts/speedup-chart.js';
import type { AxisSensitivity } from '../../../src/analysis/sensitivity/axis-sensitivity.js';
import { studyOf } from '../../helpers/specs.js';

interface Element {
  textContent: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

const parsed = (svg: string) =>
  (parseHTML(`<!doctype html><body>${svg}</body>`) as unknown as { document: Element }).document;
const all = (svg: string, selector: string) => [...parsed(svg).querySelectorAll(selector)];
const texts = (svg: string) => all(svg, 'text').map(({ textContent }) => textContent);

/** A design that spends part of its time in layers bound by one thing, the rest in others. */
function design(id: number, time: number, area: number, shares: Record<string, number>, axes = {}): DesignRow {
  const [bottleneck] = Object.entries(shares).sort(([, a], [, b]) => b - a)[0]!;
  return {
    ...{
      id,
      time_ms: time,
      area_mm2: area,
      speedup: 100 / time,
      balance: 0.5,
      bottleneck,
      sm_count: 30,
      cta_tile: 'auto',
    },
    ...Object.fromEntries(BOTTLENECKS.map((name) => [`${name}_share`, shares[name] ?? 0])),
    ...axes,
  };
}

const FRONT = [
  design(1, 100, 400, { issue: 0.9, dram: 0.1 }),
  design(2, 50, 600, { dram: 0.75, l2: 0.25 }, { sm_count: 60 }),
  design(3, 20, 1200, { compute: 1 }, { sm_count: 120 }),
];
const SAMPLE = [design(7, 100, 700, { latency: 1 }), design(8, 60, 900, { issue: 1 }, { cta_tile: '128x128x8' })];
const EVIL = '<script>alert("1")</script> & \'co\' $& $\' ="var(--ink)" ="currentColor" style="font-family:inherit';
const MARKED: Marked[] = [
  { design: FRONT[0]!, names: ['baseline', 'smallest'] },
  { design: FRONT[1]!, names: [EVIL] },
];

const pareto = (width: number, isStaircase = true) => {
  const data = {
    x: { metric: 'area_mm2', goal: 'minimize' as const },
    y: { metric: 'time_ms', goal: 'minimize' as const },
    ...{ isStaircase, front: FRONT, sample: SAMPLE, marked: MARKED },
  };
  return paretoChart({ ...data, title: EVIL, description: describePareto(data) }, width);
};

describe('the Pareto chart', () => {
  it.each([760, 358])('has a mark for each design in the shape and colour of its bottleneck, at %d pixels', (width) => {
    const marks = all(pareto(width), '[data-id]');
    const ids = marks.map((mark) => Number(mark.getAttribute('data-id')));
    expect([...ids].sort()).toEqual([1, 2, 3, 7, 8]);
    const fills = new Map(marks.map((mark) => [mark.getAttribute('data-id'), mark.getAttribute('fill')]));
    expect(fills.get('1')).toBe('var(--issue)');
    expect(fills.get('2')).toBe('var(--dram)');
    expect(fills.get('7')).toBe('var(--latency)');
    const shapes = new Map(marks.map((mark) => [mark.getAttribute('data-id'), mark.getAttribute('d')?.slice(0, 20)]));
    expect(new Set(['1', '2', '3', '7'].map((id) => shapes.get(id))).size).toBe(4);
  });

  it('places shorter times lower and smaller areas further left', () => {
    const at = new Map(
      all(pareto(760), '[data-id]').map((mark) => {
        const [, x, y] = /translate\(([\d.]+),([\d.]+)\)/.exec(mark.getAttribute('transform')!)!;
        return [mark.getAttribute('data-id'), { x: Number(x), y: Number(y) }];
      }),
    );
    expect(at.get('1')!.x).toBeLessThan(at.get('2')!.x);
    expect(at.get('1')!.y).toBeLessThan(at.get('2')!.y); // pixels count down; a shorter time lies lower
    expect(at.get('2')!.y).toBeLessThan(at.get('3')!.y);
    expect(at.get('7')!.y).toBe(at.get('1')!.y);
  });

  it('names its axes, the bottlenecks and the marked designs', () => {
    expect(texts(pareto(760))).toEqual(
      expect.arrayContaining([
        'time, ms (log scale)',
        'area, mm² (log scale)',
        'dram',
        'latency',
        'baseline, smallest',
      ]),
    );
  });

  it('has a title and a description, in which names with markup are escaped', () => {
    const svg = pareto(760);
    expect(all(svg, 'title').map(({ textContent }) => textContent)).toEqual([EVIL]);
    expect(all(svg, 'desc')[0]!.textContent).toContain('3 designs of the front, time, ms 20 to 100');
    expect(texts(svg)).toContain(EVIL);
    expect(all(svg, 'script')).toEqual([]);
    expect(svg).toContain('aria-label="&lt;script&gt;');
  });

  it('draws a staircase only for two objectives', () => {
    const lines = (svg: string) =>
      all(svg, 'path').filter((path) => path.getAttribute('d')?.includes('L') && !path.getAttribute('data-id'));
    expect(all(pareto(760), '[stroke-width="1.25"]').length).toBe(1);
    expect(all(pareto(760, false), '[stroke-width="1.25"]').length).toBe(0);
    expect(lines(pareto(760)).length).toBeGreaterThan(0);
  });
});

describe('the chart of time shares', () => {
  it('has segments that lie end to end and add up to the whole time', () => {
    const segments = segmentsOf(MARKED);
    expect(segments.map(({ row, name, share, from }) => [row, name, share, from])).toEqual([
      [0, 'issue', 0.9, 0],
      [0, 'dram', 0.1, 0.9],
      [1, 'dram', 0.75, 0],
      [1, 'l2', 0.25, 0.75],
    ]);
  });

  it('labels each segment that has room, and shows the totals of each design', () => {
    const svg = sharesChart(MARKED, 'shares', 560);
    expect(texts(svg)).toEqual(expect.arrayContaining(['issue 90%', 'dram 75%', 'l2 25%', 'Baseline, smallest']));
    expect(texts(svg)).toContain('100 ms  ·  1×  ·  400 mm²');
    expect(texts(sharesChart(MARKED, 'shares', 100))).not.toContain('l2 25%');
    expect(texts(sharesChart(MARKED, 'shares', 20))).not.toContain('l2');
  });
});

describe('the slack chart', () => {
  const use = (over: Partial<ResourceUse>): ResourceUse => ({
    ...{ id: 'l2_gbps', label: 'L2 BW', value: 1051, unit: 'GB/s', busy: 0.25, needed: 0.5, elasticity: 0.1 },
    ...over,
  });

  it('draws the needed share of each resource', () => {
    const svg = slackChart([use({}), use({ id: 'l2_mib', label: 'L2', busy: undefined, needed: 0 })], 'slack', 560);
    const needed = all(svg, '[fill="var(--needed)"] rect').map((rect) => Number(rect.getAttribute('width')));
    expect(needed).toEqual([280, 0]);
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['busy 25%  ·  needs 50%  ·  elasticity 0.100', 'needs none  ·  elasticity 0.100']),
    );
  });
});

describe('the speedup chart', () => {
  it('has an open dot only at the reference value', () => {
    const level = (sms: number, effect: number) => ({ value: { sm_count: sms }, points: 1, mean: 1, effect });
    const axis = {
      ...{ axes: ['sm_count'], along: 'sm_count', elasticity: 1, total: 1 },
      levels: [level(15, 1), level(20, 1), level(60, 0.5)],
      ...{ reference: { sm_count: 15 }, reference_is_baseline: false },
    } as unknown as AxisSensitivity;
    const { baseline } = studyOf({
      ...{ name: 'one', baseline: 'titan-xp', workloads: [{ network: 'alexnet', batch: 2 }] },
      axes: { sm_count: { values: [15] } },
    });
    const fills = all(speedupChart([axis], baseline, 't', 560), 'circle').map((dot) => dot.getAttribute('fill'));
    expect(fills).toEqual(['var(--surface)', 'var(--accent)', 'var(--accent)']);
  });
});

describe('the parallel coordinates', () => {
  const study = studyOf({
    name: 'lines',
    baseline: 'titan-xp',
    workloads: [{ network: 'alexnet', batch: 2 }],
    axes: { sm_count: { values: [30, 60, 120] }, l2_mib: { values: [3] }, cta_tile: { values: ['auto', '128x128x8'] } },
  });
  const axes = parallelAxes(study, [...FRONT, ...SAMPLE]);

  it('have an axis for each axis with several values, and for the metrics', () => {
    expect(axes.map(({ id }) => id)).toEqual(['sm_count', 'cta_tile', 'time_ms', 'area_mm2', 'speedup', 'balance']);
    expect(axes[0]!.ticks).toEqual([
      { at: 0, text: '30' },
      { at: 0.5, text: '60' },
      { at: 1, text: '120' },
    ]);
    expect(FRONT.map(axes[0]!.at)).toEqual([0, 0.5, 1]);
  });

  it.each([1160, 358])('have a line for each design at %d pixels', (width) => {
    const svg = parallelChart({ axes, front: FRONT, sample: SAMPLE, marked: [], title: 't', description: 'd' }, width);
    const lines = all(svg, 'path[data-id]');
    expect(lines.map((line) => line.getAttribute('data-id')).sort()).toEqual(['1', '2', '3', '7', '8']);
    const second = lines.find((line) => line.getAttribute('data-id') === '2')!;
    expect(second.getAttribute('stroke')).toBe('var(--dram)');
    expect(second.getAttribute('d')!.match(/[ML]/g)!.length).toBe(axes.length);
    expect(all(svg, 'svg')[0]!.getAttribute('data-across')!.split(' ').length).toBe(axes.length);
  });
});

describe('an exported chart', () => {
  it('needs no style sheet', () => {
    const svg = inThemeOfPaper(pareto(760));
    expect(svg.replaceAll(/>[^<]*<|aria-label="[^"]*"/g, '><')).not.toMatch(/var\(|currentColor|inherit/);
    expect(svg).toContain('font-family:Inter');
    expect(all(svg, 'title').map(({ textContent }) => textContent)).toEqual([EVIL]);
    expect(all(svg, 'svg')[0]!.getAttribute('aria-label')).toBe(EVIL);
    expect(texts(svg)).toContain(EVIL);
    expect(svg.startsWith('<svg ')).toBe(true);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
  });
});
