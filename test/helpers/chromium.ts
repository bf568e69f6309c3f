/** Pages in a browser: Chromium, where one is installed. */
import { afterAll, it } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../scripts/find-chromium.js';

const PROGRAM = findChromium();

/** A test, or a skipped one that says what it misses. */
export const withChromium: (title: string, test: () => Promise<void>) => void = PROGRAM
  ? (title, test) => it(title, test)
  : (title) => it.skip(`${title} (skipped: no chromium; CHROMIUM can name one)`, () => {});

/** A browser that all tests of a file share; it starts with the first of them. */
export function sharedBrowser(): () => Promise<Browser> {
  let browser: Promise<Browser> | undefined;
  afterAll(async () => (await browser)?.close());
  // As root, in a container, the browser has no sandbox to go into.
  return () => (browser ??= chromium.launch({ executablePath: PROGRAM!, args: ['--no-sandbox'] }));
}
