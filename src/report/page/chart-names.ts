/** What the charts of a report are called, in its order; apart from the charts, which are slow to load. */
export const CHART_NAMES = ['pareto', 'parallel', 'shares', 'slack', 'speedup'] as const;

export type ChartName = (typeof CHART_NAMES)[number];
