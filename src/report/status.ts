/** How far a study is, in words. */
import { showIndices } from '../engine/shards.js';
import type { RunStatus, StudyStatus } from '../engine/study-status.js';
import { showDuration, showNumber, showPercent } from '../model/units.js';
import { renderTable, TABLE_WIDTH, wrap } from './table.js';

const STATES = ['done', 'running', 'failed', 'stopped', 'missing'] as const;

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
  const counts = STATES.map((state) => [shards.filter((shard) => shard.state === state).length, state] as const);
  const told = counts.filter(([n]) => n > 0).map(([n, state]) => `${n} ${state}`);
  const speed = left === null ? '' : `, ${showNumber(Math.round(rate))} points/s, about ${showDuration(left)} left`;
  const isMerged = shards.length > 0 && whole !== undefined;
  const rows = shards.map((shard) => [`${shard.shard}`, ...cells(shard)]);
  return [
    `${study}: ${showNumber(done)} of ${showNumber(points)} points (${showPercent(done / points)})${speed}`,
    ...(shards.length > 0 ? [`${shards.length} shards: ${told.join(', ')}`] : whole ? [`run: ${whole.state}`] : []),
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
    ...(resubmit.length > 0 ? ['', wrap(`to submit again: --array=${showIndices(resubmit)}`, TABLE_WIDTH)] : []),
  ].join('\n');
}
