/** Whether tests run at full size (`npm run test:all`): more kills, more damaged files, larger studies. */
export const FULL = process.env['DELTA_SWEEP_TESTS'] === 'all';
