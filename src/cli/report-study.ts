/** `report`: a stored study as a page, or one of its charts as a picture. */
import { extname } from 'node:path';
import { writeDurably } from '../storage/folder/durable.js';
import { inputError } from '../errors.js';
import { checkFreeFile } from '../storage/export/target.js';
import { writeError } from '../storage/export/write-error.js';
import { checkChoice } from '../space/files/settings.js';
import { showBytes } from '../model/units.js';
import { inThemeOfPaper } from '../report/charts/svg.js';
import { readFonts } from '../report/page/assets.js';
import { CHART_NAMES } from '../report/page/chart-names.js';
import { CHARTS, type Chart } from '../report/page/charts.js';
import { renderReport } from '../report/render-report.js';
import type { ReportData } from '../study/report-data/report-data.js';
import { reportOf } from '../study/report-data/report-of.js';
import { readManifest } from '../storage/folder/manifest.js';
import { wholeNumber } from './options.js';
import { note } from './output.js';

export interface ReportOptions {
  /** Files that are written; without any, the page. */
  to: string | undefined;
  svg: string | undefined;
  png: string | undefined;
  /** The chart that `svg` and `png` are of, and its workload, counted from 1. */
  chart: string | undefined;
  workload: string | undefined;
  /** Replace files that are there. */
  force: boolean;
}

const PAGE = 'report.html';

/** Writes what is asked for: each file whole, or not at all. */
export async function writeReport(folder: string, options: ReportOptions): Promise<void> {
  const { svg, png } = options;
  const wantsChart = svg !== undefined || png !== undefined;
  const to = options.to ?? (wantsChart ? undefined : PAGE);
  const chart = chartAsked(options, wantsChart);
  checkTarget('--to', to, 'html', options);
  checkTarget('--svg', svg, 'svg', options);
  checkTarget('--png', png, 'png', options);

  // Before the study is read: of a large one that takes a while.
  const workload = workloadAsked(folder, options);
  const data = await reportOf(folder, { onNote: note });
  const drawn = chart ? drawChart(data, chart, workload) : undefined;
  if (svg !== undefined) write(svg, `${drawn!}\n`);
  if (png !== undefined) {
    const { toPng } = await import('../report/charts/png.js');
    const picture = await toPng(
      drawn!,
      readFonts().map(({ bytes }) => bytes),
    );
    write(png, picture);
  }
  if (to !== undefined) write(to, await renderReport(data));
}

function chartAsked({ chart, workload }: ReportOptions, isWanted: boolean): Chart | undefined {
  const given = chart !== undefined ? '--chart' : workload !== undefined ? '--workload' : undefined;
  if (!isWanted) {
    if (given) throw inputError({ what: `${given} is of single charts`, expected: '--svg FILE or --png FILE with it' });
    return undefined;
  }
  const name = checkChoice('--chart', chart ?? CHART_NAMES[0], CHART_NAMES);
  return CHARTS.find((one) => one.name === name)!;
}

/** The position of the workload that a single chart is of. */
function workloadAsked(folder: string, { workload = '1' }: ReportOptions): number {
  return wholeNumber('workload', workload, 1, readManifest(folder).study.workloads.length) - 1;
}

function drawChart({ study, workloads }: ReportData, chart: Chart, workload: number): string {
  const report = workloads[workload]!;
  if (!chart.isThere(report))
    throw inputError({ what: `--chart ${chart.name}: the study has nothing to draw on it for ${report.name}` });
  return inThemeOfPaper(chart.draw(study, report, chart.width));
}

/** Throws an input error where a file cannot go; nothing is read before. */
function checkTarget(option: string, file: string | undefined, ending: string, { force }: ReportOptions): void {
  if (file === undefined) return;
  const expected = `a file that ends in .${ending}`;
  checkFreeFile(file, expected, force);
  if (extname(file).toLowerCase() !== `.${ending}`) throw inputError({ what: option, got: file, expected });
}

function write(file: string, content: string | Uint8Array): void {
  try {
    writeDurably(file, content);
  } catch (error) {
    throw writeError(file, error);
  }
  note(`${file}: ${showBytes(Buffer.byteLength(content))}`);
}
