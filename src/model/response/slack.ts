/** Slack: how far a resource can shrink, alone, before the time grows by a hundredth (docs/model.md, 5.5). */
import type { Gpu } from '../gpu.js';
import { CAPACITIES, RATES, resourceOf, type CapacityId, type RateId } from '../resources.js';
import { L1_WAYS, L2_WAYS } from '../traffic/hit.js';
import { crossing } from './crossing.js';
import { scaled, secondsAt, secondsOn, type FixedWork } from './fixed-work.js';
import { setBytes, stepsOf } from './steps.js';

/** What a time may grow to. */
const ALLOWED = 1.01;

/** A rate that may be this many times smaller decides nothing. */
const SLOWEST = 2 ** 60;

/** How close to a jump, relatively, a time is looked at on either side of it. */
export const BESIDE = 1e-12;

/** Factors that a resource can shrink to, from 0 (it decides nothing) to 1 (all of it is needed). */
export type Slack = Record<RateId | CapacityId, number>;

export const SLACK_IDS: readonly (keyof Slack)[] = [...RATES, ...CAPACITIES];

export function slackOf(work: FixedWork): Slack {
  const isUnread = (id: RateId | CapacityId) => work.model.unread.includes(id);
  const rates = RATES.map((id) => [id, isUnread(id) ? 0 : slackOfRate(work, id)]);
  const capacities = CAPACITIES.map((id) => [id, isUnread(id) ? 0 : slackOfCapacity(work, id)]);
  return Object.fromEntries([...rates, ...capacities]) as Slack;
}

/** Between jumps the time is convex in 1/rate: it crosses the limit once, if it is below it at first. */
function slackOfRate(work: FixedWork, id: RateId): number {
  const { si } = resourceOf(id)!;
  const limit = ALLOWED * work.seconds;
  /** By how much the time is over the limit where the rate is divided by `u`. */
  const over = (u: number) => secondsAt(work, scaled(work.gpu, si, 1 / u)) - limit;
  const jump = work.gpu[si] / (work.model.jumpOf(id, work.gpu) ?? Number.POSITIVE_INFINITY);
  let [from, limits] = [1, jump * (1 + BESIDE) > 1 ? [jump] : []];
  for (let to = 2; from < SLOWEST; to *= 2) {
    const [at] = limits;
    if (at !== undefined && at < to) {
      const before = at * (1 - BESIDE);
      if (before > from && over(before) > 0) return 1 / crossing(over, from, before);
      if (over(at * (1 + BESIDE)) > 0) return Math.min(1, 1 / before);
      [from, limits] = [at * (1 + BESIDE), []];
    }
    if (over(to) > 0) return 1 / crossing(over, from, to);
    from = to;
  }
  return 0;
}

/** The least size, going down, before the first one at which the time is over the limit. */
function slackOfCapacity(work: FixedWork, id: CapacityId): number {
  const { si } = resourceOf(id)!;
  const size = work.gpu[si];
  if (size === 0) return 1;
  const isOver = (at: number) => secondsOn(work, { ...work.gpu, [si]: at }) > ALLOWED * work.seconds;
  if (id === 'l1_kib') return slackOfCache(size, L1_WAYS, isOver);
  if (id === 'l2_mib') return slackOfCache(size, L2_WAYS, isOver);
  let within = size;
  for (const at of stepsOf(id, work.gpu, tilesOf(work)).down) {
    if (at < size && isOver(at)) break;
    within = at;
  }
  return within / size;
}

/** Halves a cache until the time is over the limit, then narrows down to a set; not where none of it would do too. */
function slackOfCache(size: number, ways: number, isOver: (bytes: number) => boolean): number {
  if (!isOver(0)) return 0;
  let within = size;
  for (let next = size / 2; ; next /= 2) {
    const unit = setBytes(next, ways);
    const at = unit * Math.floor(next / unit);
    if (isOver(at)) return leastWithin(at, within, ways, isOver) / size;
    within = at;
  }
}

/** The least whole number of sets, above a size that is over the limit, that is not. */
function leastWithin(over: number, within: number, ways: number, isOver: (bytes: number) => boolean): number {
  const unit = setBytes(over, ways);
  let [low, high] = [Math.floor(over / unit), Math.floor(within / unit)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isOver(middle * unit)) low = middle;
    else high = middle;
  }
  return Math.min(high * unit, within);
}

/** The tiles that the kernels of a design choose among. */
export function tilesOf({ gpu, model }: { gpu: Gpu; model: FixedWork['model'] }) {
  return gpu.ctaTile ? [gpu.ctaTile] : model.tiles;
}
