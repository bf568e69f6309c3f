/** `delta-sweep report` of a large study: the time, the memory, the page, and until when a browser has it ready. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/find-chromium.js';
import { gridOf } from '../src/space/study.js';
import { medianOf, timingOf, type Check, type Outcome } from './measure.js';
import { inFolder, peakMemoryOf, runProgram, writeSpec } from './program.js';
import { referenceSpec, studyOf } from './reference.js';

const MILLIONS = 10;
const ROUNDS = 3;
const MOST_SECONDS = 30;
const MOST_PAGE_MB = 8;
const MOST_READY_SECONDS = 2;

export function reportBench(): Promise<Outcome> {
  return inFolder(async (folder) => {
    const spec = referenceSpec(MILLIONS);
    const study = join(folder, 'study');
    const page = join(folder, 'report.html');
    runProgram(['run', writeSpec(folder, spec), '--out', study]);
    const [seconds, peaks]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      peaks.push(await peakMemoryOf(['report', study, '--to', page, '--force']));
      seconds.push((performance.now() - start) / 1000);
    }
    const ready = await readySeconds(page);
    const check = (name: string, value: number, unit: string, bar?: number): Check => ({
      ...{ name: `report of ${MILLIONS} million points: ${name}`, value, unit, passes: 'at most' },
      ...(bar === undefined ? {} : { bar }),
    });
    return {
      timings: [timingOf(`report of ${MILLIONS} million points`, 'points', gridOf(studyOf(spec)).size, seconds)],
      checks: [
        check('time', medianOf(seconds), 's', MOST_SECONDS),
        check('most memory', Math.max(...peaks) / 1e6, 'MB'),
        check('page', statSync(page).size / 1e6, 'MB', MOST_PAGE_MB),
        ...(ready ? [check('page ready in Chromium', medianOf(ready), 's', MOST_READY_SECONDS)] : []),
      ],
      notes: ready ? [] : ['report: no chromium; CHROMIUM can name one'],
    };
  });
}

/** Seconds from asking for a page until its script has done its part, each time in a fresh tab; undefined without a browser. */
async function readySeconds(file: string): Promise<number[] | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const start = performance.now();
      await page.goto(pathToFileURL(file).href);
      await page.waitForFunction("document.documentElement.dataset['ready'] === 'true'");
      seconds.push((performance.now() - start) / 1000);
      await page.close();
    }
    return seconds;
  } finally {
    await browser.close();
  }
}
