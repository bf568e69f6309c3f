/** Pages that are generated whole, by their path from the root. */
import { metricsPage } from './metrics-page.js';
import { specPage } from './spec-page.js';

export const GENERATED_PAGES: Record<string, () => string> = {
  'docs/spec.md': specPage,
  'docs/metrics.md': metricsPage,
};
