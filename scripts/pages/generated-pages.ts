/** Files of docs/ that are generated whole, by their path from the root. */
import { metricsPage } from './metrics-page.js';
import { PICTURES, picturesPage } from './pictures-page.js';
import { specPage } from './spec-page.js';

export const GENERATED_PAGES: Record<string, () => string> = {
  'docs/spec.md': specPage,
  'docs/metrics.md': metricsPage,
  'docs/model-in-pictures.md': picturesPage,
  ...Object.fromEntries(
    Object.entries(PICTURES).map(([name, draw]) => [`docs/pictures/${name}.svg`, () => draw().svg] as const),
  ),
};
