/** A scale of numbers with round ticks; it is logarithmic if they span a large factor. */

/** The least factor of a logarithmic scale. */
const LOG_FROM = 2.5;

/** Room beyond the outermost numbers, as a share of their span. */
const ROOM = 0.05;

export interface Scale {
  type: 'log' | 'linear';
  domain: [number, number];
  ticks: number[];
  /** The place of a number: 0 at the start of the domain, 1 at its end. */
  at: (value: number) => number;
}

const FINE = [1, 1.5, 2, 3, 4, 5, 6, 8];
const MANTISSAS = [FINE, [1, 2, 3, 5], [1, 2, 5], [1, 3], [1]];

/** Round figures within a domain, at most `most`. */
function logTicks([low, high]: [number, number], most: number): number[] {
  const decades: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) decades.push(e);
  const sets = MANTISSAS.map((mantissas) =>
    decades.flatMap((e) => mantissas.map((m) => Number(`${m}e${e}`))).filter((tick) => tick >= low && tick <= high),
  );
  const powers = sets.at(-1)!;
  const every = Math.ceil(powers.length / most);
  return sets.find((ticks) => ticks.length <= most) ?? powers.filter((_, i) => i % every === 0);
}

function linearTicks([low, high]: [number, number], most: number): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)!;
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step); i * step <= high + 1e-9 * step; i++)
    ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** The minimum and maximum of at least one number. `Math.min(...values)` overflows the stack for 200,000. */
export function extentOf(values: readonly number[]): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}

/** The scale of at least one number. */
export function scaleOf(values: readonly number[], mostTicks: number): Scale {
  const [first, last] = extentOf(values);
  // Numbers that differ only in their last digits count as equal.
  const [least, most] = last - first > 1e-9 * Math.abs(last) ? [first, last] : [last, last];
  const isLog = least > 0 && most / least >= LOG_FROM;
  if (isLog) {
    const room = (most / least) ** ROOM;
    const domain: [number, number] = [least / room, most * room];
    const span = Math.log(domain[1] / domain[0]);
    return {
      type: 'log',
      domain,
      ticks: logTicks(domain, mostTicks),
      at: (value) => Math.log(value / domain[0]) / span,
    };
  }
  const room = (most - least || Math.abs(most) || 1) * ROOM;
  const domain: [number, number] = [least - room, most + room];
  return {
    type: 'linear',
    domain,
    ticks: linearTicks(domain, mostTicks),
    at: (value) => (value - domain[0]) / (domain[1] - domain[0]),
  };
}
