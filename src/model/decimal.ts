/**
 * Numbers as people read them: rounded, without an exponent, thousands grouped by commas. As `Intl.NumberFormat` of `en-US` writes
 * them, which takes 20 ms to load when a program uses it first.
 */

/**
 * The shortest decimal that is this number, rounded half away from zero.
 * @param keptDigits how many digits to keep, from the first one that is not 0; told how many are before the point (0 or less below 1)
 */
export function showDecimal(value: number, keptDigits: (wholeDigits: number) => number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${sign}∞`;
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e') as [string, string];
  const wholeDigits = Number(exponent) + 1;
  return sign + placed(...roundedTo(keptDigits(wholeDigits), mantissa.replace('.', ''), wholeDigits));
}

/** Digits of 0.digits x 10^wholeDigits, rounded to `kept` of them, and the new power. */
function roundedTo(kept: number, digits: string, wholeDigits: number): [string, number] {
  if (digits.length <= kept) return [digits, wholeDigits];
  const up = kept >= 0 && digits[kept]! >= '5';
  const rounded = String(Number(digits.slice(0, Math.max(kept, 0))) + Number(up));
  return rounded.length > kept ? [rounded, wholeDigits + rounded.length - kept] : [rounded, wholeDigits];
}

/** 0.digits x 10^wholeDigits as a decimal. */
function placed(digits: string, wholeDigits: number): string {
  const all = digits.padStart(digits.length - Math.min(wholeDigits - 1, 0), '0').padEnd(wholeDigits, '0');
  const point = Math.max(wholeDigits, 1);
  const fraction = all.slice(point).replace(/0+$/, '');
  const whole = all.slice(0, point).replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
