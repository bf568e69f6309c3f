/** Conversions between the units in files and SI, and how quantities are written for people. */
export const KIB = 1024;
export const MIB = 1024 * 1024;
export const GIGA = 1e9;
export const PICO = 1e-12;
export const NANO = 1e-9;
export const MICRO = 1e-6;
export const MILLI = 1e-3;
export const TERA = 1e12;

/** Bytes of one fp32 element. */
export const ELEMENT_BYTES = 4;

const FOUR_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const significant = (value: number) => FOUR_DIGITS.format(value);
const grouped = (value: number) => WHOLE.format(value);

/** A number to four significant digits; whole numbers of 1,000 and more keep every digit, grouped. */
export function showNumber(value: number): string {
  return Math.abs(value) >= 1000 ? grouped(value) : significant(value);
}

/** A fraction as a whole percentage. */
export function showPercent(fraction: number): string {
  return `${Math.round(100 * fraction)}%`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** Bytes in the decimal unit that keeps the figure below 1,000, as rounded. */
export function showBytes(bytes: number): string {
  const rounded = Number(Math.max(bytes, 1).toPrecision(4));
  const step = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(rounded) / 3));
  return `${significant(bytes / 1000 ** step)} ${BYTE_UNITS[step]}`;
}

/** A duration in the one or two units that people would use. */
export function showDuration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const units: [string, number][] = [
    ['d', 86400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  const whole = Math.round(seconds);
  const first = units.findIndex(([, size]) => whole >= size);
  const [name, size] = units[first]!;
  const next = units[first + 1];
  if (first === 0 && whole >= 1000 * size) return `${grouped(whole / size)} d`;
  const rest = next ? Math.floor((whole % size) / next[1]) : 0;
  return `${Math.floor(whole / size)} ${name}${next && rest ? ` ${rest} ${next[0]}` : ''}`;
}

/** `1 design`, `1,200 designs`. */
export const counted = (count: number, noun: string): string => `${showNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
