/** The names of the charts of a report, in its order. The command line checks them without loading the charts. */
export const CHART_NAMES = ['pareto', 'parallel', 'shares', 'slack', 'speedup'] as const;

export type ChartName = (typeof CHART_NAMES)[number];
