/** What commands print: data to stdout, notes to stderr. */
import { once } from 'node:events';

/** Tables and text are laid out for this many columns. */
export const WIDTH = 100;

/** Writes data; waits while the reader is behind. */
export async function write(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

export function printLine(text = ''): Promise<void> {
  return write(`${text}\n`);
}

export function printJson(value: unknown): Promise<void> {
  return write(`${JSON.stringify(value, null, 2)}\n`);
}

/** A line for people, beside the data. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
