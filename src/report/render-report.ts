import type { ReportData } from '../study/report-data/report-data.js';

/** A report as one web page that needs nothing else, in HTML. */
export async function renderReport(data: ReportData): Promise<string> {
  const { renderPage } = await import('./page/page.js'); // a fifth of a second
  const { readAssets } = await import('./page/assets.js');
  return renderPage(data, readAssets());
}
