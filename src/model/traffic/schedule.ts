/** When the CTAs of an SM run, one generation after the other (docs/model.md, 10.4: G1). */

/** What a CTA gets of an SM's speed, of what the next older one gets. Fitted on the counters of a V100. */
export const YOUNGER_SHARE = 2 / 3;

/** Places of the K loop at which two generations are compared. */
const PLACES = [0.125, 0.375, 0.625, 0.875];

export interface Apart {
  time: number;
  ended: number;
}

/**
 * The CTAs that one SM runs: it holds some at a time, and shares its speed among them by age. Time in units of what the SM
 * needs for one CTA; the place of a CTA in its K loop from 0 to 1.
 */
export class SmSchedule {
  /** By generation: times at which its pace changes, and its places then. */
  private readonly times: number[][];
  private readonly places: number[][];
  private readonly ends: number[];
  private readonly known = new Map<number, readonly Apart[]>();

  /**
   * @param count generations that are followed: the CTAs that the SM runs, or the first ones of many
   * @param active CTAs that the SM holds at a time
   * @param share what each CTA gets of the speed of the one before it
   * @param isEndless whether more CTAs come after those that are followed
   */
  constructor(
    readonly count: number,
    active: number,
    share: number,
    isEndless: boolean,
  ) {
    this.times = Array.from({ length: count }, () => []);
    this.places = Array.from({ length: count }, () => []);
    this.ends = new Array<number>(count).fill(0);
    const all = isEndless ? count + active : count;
    const resident = Array.from({ length: Math.min(active, all) }, (_, generation) => generation);
    const place = new Float64Array(all);
    for (const generation of resident) this.note(generation, 0, 0);
    let next = resident.length;
    let time = 0;
    for (let ended = 0; ended < count; ended++) {
      const speeds = speedsOf(resident.length, share);
      const left = resident.map((generation, age) => (1 - place[generation]!) / speeds[age]!);
      const first = left.indexOf(Math.min(...left));
      const step = left[first]!;
      time += step;
      resident.forEach((generation, age) => {
        place[generation]! += speeds[age]! * step;
        this.note(generation, time, age === first ? 1 : place[generation]!);
      });
      const [done] = resident.splice(first, 1);
      if (done! < count) this.ends[done!] = time;
      if (next < all) {
        this.note(next, time, 0);
        resident.push(next++);
      }
    }
  }

  /** When the last CTA that is followed has ended. */
  get end(): number {
    return Math.max(...this.ends);
  }

  private note(generation: number, time: number, place: number): void {
    this.times[generation]?.push(time);
    this.places[generation]?.push(place);
  }

  /** When a generation reaches a place. */
  private timeAt(generation: number, place: number): number {
    const places = this.places[generation]!;
    const times = this.times[generation]!;
    for (let i = 1; i < places.length; i++) {
      const step = places[i]! - places[i - 1]!;
      if (place > places[i]!) continue;
      return step <= 0 ? times[i]! : times[i - 1]! + ((place - places[i - 1]!) / step) * (times[i]! - times[i - 1]!);
    }
    return times.at(-1)!;
  }

  /** How far apart two generations are, at places of the K loop: the time, and the CTAs that the SM ends meanwhile. */
  apart(generation: number, gap: number): readonly Apart[] {
    const key = generation * this.count + gap;
    let apart = this.known.get(key);
    if (!apart) {
      apart = PLACES.map((place) => {
        const [before, now] = [this.timeAt(generation - gap, place), this.timeAt(generation, place)];
        return { time: now - before, ended: this.endedBetween(before, now) };
      });
      this.known.set(key, apart);
    }
    return apart;
  }

  /** CTAs that end after one time and not after another. */
  private endedBetween(from: number, to: number): number {
    let ended = 0;
    for (const end of this.ends) if (end > from && end <= to) ended++;
    return ended;
  }
}

/** Shares of an SM's speed, oldest CTA first: each gets `share` of the one before it. */
function speedsOf(ctas: number, share: number): number[] {
  const weights = Array.from({ length: ctas }, (_, age) => share ** age);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

const known = new Map<string, SmSchedule>();

/** A schedule, made once. */
export function smSchedule(count: number, active: number, share: number, isEndless: boolean): SmSchedule {
  const key = `${count} ${active} ${share} ${isEndless}`;
  let schedule = known.get(key);
  if (!schedule) known.set(key, (schedule = new SmSchedule(count, active, share, isEndless)));
  return schedule;
}
