/** Pages in a browser: Chromium, where one is installed. */
import { afterAll, it } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The program: what CHROMIUM says, or the first on the path. */
function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...(process.env['CHROMIUM'] ? [process.env['CHROMIUM']] : []), ...found].find(isProgram);
}

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
