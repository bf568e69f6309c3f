/** The progress of a study as text. */
import { showIndices } from '../engine/shards.js';
import { RUN_STATES, type RunStatus, type StudyStatus } from '../engine/study-status.js';
import { showDuration, showNumber, showPercent } from '../model/units.js';
import { renderTable, TABLE_WIDTH, wrap } from './table.js';

const cells = ({ state, done, points, rate, failed_chunks: failed, host }: RunStatus): string[] => [
  state,
  showNumber(done),
  points === undefined ? '' : showNumber(points),
  rate > 0 ? showNumber(Math.round(rate)) : '',
  rate > 0 && points !== undefined ? showDuration((points - done) / rate) : '',
  failed > 0 ? showNumber(failed) : '',
  host ?? '',
];

export function renderStatus(status: StudyStatus): string {
  const { study, whole, shards, done, points, rate, seconds_left: left, resubmit } = status;
  const counts = RUN_STATES.map((state) => [shards.filter((shard) => shard.state === state).length, state] as const);
  const states = counts.filter(([n]) => n > 0).map(([n, state]) => `${n} ${state}`);
  const speed = left === null ? '' : `, ${showNumber(Math.round(rate))} points/s, about ${showDuration(left)} left`;
  const isMerged = shards.length > 0 && whole !== undefined;
  const foreign = shards.filter(({ state }) => state === 'foreign').map(({ shard }) => shard);
  const paragraphs = [
    ...(foreign.length > 0 ? [`of another study, to be removed or run with --fresh: ${showIndices(foreign)}`] : []),
    ...(resubmit.length > 0 ? [`to submit again, unless they are queued: --array=${showIndices(resubmit)}`] : []),
  ];
  const rows = shards.map((shard) => [`${shard.shard}`, ...cells(shard)]);
  return [
    `${study}: ${showNumber(done)} of ${showNumber(points)} points (${showPercent(done / points)})${speed}`,
    ...(shards.length > 0 ? [`${shards.length} shards: ${states.join(', ')}`] : whole ? [`run: ${whole.state}`] : []),
    ...(isMerged ? [`merged: ${whole.state === 'done' ? 'whole' : 'in part'}`] : []),
    ...(rows.length > 0
      ? [
          '',
          renderTable(
            [
              { heading: 'shard' },
              { heading: 'state', align: 'left' },
              { heading: 'points done' },
              { heading: 'of' },
              { heading: 'points/s' },
              { heading: 'left' },
              { heading: 'failed chunks' },
              { heading: 'host', align: 'left' },
            ],
            rows,
          ),
        ]
      : []),
    ...paragraphs.flatMap((text) => ['', wrap(text, TABLE_WIDTH)]),
  ].join('\n');
}
