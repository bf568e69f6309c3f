/** Every figure that says why a design takes its time, declared once: columns, JSON keys and docs derive from it. */
import { BOTTLENECKS, STREAMS, type Stream } from './bottleneck.js';
import { describeAxis, RESOURCES, type ResourceId } from './resources.js';
import type { Reasons } from './response/reasons.js';
import { SLACK_IDS, type Slack } from './response/slack.js';

interface ReasonBase {
  name: string;
  meaning: string;
  unit: string;
}

interface NumericReason extends ReasonBase {
  type: 'real';
  /** NaN where there is none: NULL in a store. */
  of: (reasons: Reasons) => number;
}

interface TextReason extends ReasonBase {
  type: 'text';
  values: readonly string[];
  of: (reasons: Reasons) => string | undefined;
}

export type Reason = NumericReason | TextReason;

const orNone = (value: number) => (Number.isFinite(value) ? value : Number.NaN);

const real = (name: string, meaning: string, of: NumericReason['of']): NumericReason => ({
  ...{ name, meaning, of },
  unit: '1',
  type: 'real',
});

const utilization = (stream: Stream) =>
  real(`${stream}_util`, `part of the time that ${stream} is busy`, (reasons) => reasons.utilization[stream]);

const slack = (id: keyof Slack) =>
  real(
    `${id}_slack`,
    `what ${id} can shrink to, alone, before the time grows by 1% (a factor; 0: it decides nothing)`,
    (reasons) => reasons.slack[id],
  );

const elasticity = (id: ResourceId) =>
  real(
    `${id}_elasticity`,
    `-d ln(time)/d ln(${id}), as it grows; NULL where the time jumps (${describeAxis(id).meaning})`,
    (reasons) => orNone(reasons.elasticity[id].up),
  );

export const REASONS: readonly Reason[] = [
  ...STREAMS.map(utilization),
  ...SLACK_IDS.map(slack),
  ...RESOURCES.map(({ id }) => elasticity(id)),
  {
    name: 'next_bound',
    meaning: 'what binds next, once what decides most of the time is faster',
    unit: '-',
    type: 'text',
    values: BOTTLENECKS,
    of: ({ next }) => next.next,
  },
  real('next_bound_at', 'how many times as fast that has to be', ({ next }) => orNone(next.factor)),
];

/** A design's reasons by column, as stores and JSON have them. */
export function reasonCells(reasons: Reasons): Record<string, number | string | null> {
  return Object.fromEntries(
    REASONS.map((reason) => {
      const cell = reason.of(reasons);
      return [reason.name, cell === undefined || Number.isNaN(cell) ? null : cell];
    }),
  );
}
