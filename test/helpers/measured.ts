/** Files of measured times, made by the tests. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const HEADER = [
  ...['workload', 'batch', 'in_channels', 'in_height', 'in_width', 'out_channels', 'filter_height', 'filter_width'],
  ...['pad_height', 'pad_width', 'stride_height', 'stride_width'],
  ...['forward_algorithm', 'forward_ms', 'backward_data_ms', 'backward_filter_ms'],
] as const;

export type Cells = Partial<Record<(typeof HEADER)[number], string | number>>;

/** A 3x3 layer of 14x14 pixels, measured in all passes. */
const ROW: Required<Cells> = {
  ...{ workload: 'net', batch: 8, in_channels: 64, in_height: 14, in_width: 14, out_channels: 128 },
  ...{ filter_height: 3, filter_width: 3, pad_height: 1, pad_width: 1, stride_height: 1, stride_width: 1 },
  ...{ forward_algorithm: 'IMPLICIT_GEMM', forward_ms: 0.25, backward_data_ms: 0.5, backward_filter_ms: 0.75 },
};

/** A row of a measured file: a plain layer, but for some cells. */
export function csvRow(cells: Cells = {}): string {
  return HEADER.map((column) => ({ ...ROW, ...cells })[column]).join(',');
}

/** A measured file's text. */
export function csv(...rows: readonly (Cells | string)[]): string {
  return [HEADER.join(','), ...rows.map((row) => (typeof row === 'string' ? row : csvRow(row)))].join('\n') + '\n';
}

/** Writes a measured file into a folder; its path. */
export function writeCsv(folder: string, rows: readonly (Cells | string)[], file = 'measured.csv'): string {
  const path = join(folder, file);
  writeFileSync(path, csv(...rows));
  return path;
}
