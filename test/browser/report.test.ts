/** The report in a browser: its requests, its contents, and its response to pointer, touch and keys. */
import { beforeAll, describe, expect } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { deltaSweep } from '../helpers/command.js';
import { sharedBrowser, withChromium } from '../helpers/chromium.js';
import { tempFolders } from '../helpers/temp.js';

/** A folder for screenshots of the pages, if set. */
const PICTURES = process.env['REPORT_PICTURES'];

const EVIL = '<script>document.title="owned"</script></script><img src=x onerror=alert(1)>$&';

const layer = (name: string, inChannels: number, size: number) => ({
  ...{ name, in_channels: inChannels, in_height: size, in_width: size, out_channels: 64 },
  ...{ filter: 3, stride: 1, padding: 1 },
});

/** 384 designs, more than parallel coordinates draw, on a network whose names contain script, and on a second network. */
const SPEC = {
  name: 'seen',
  baseline: 'titan-xp',
  workloads: [
    { network: './network.json', batch: 8 },
    { network: 'alexnet', batch: 2 },
  ],
  axes: {
    sm_count: { scale: [1, 2, 3, 4] },
    macs_per_clk: { scale: [1, 2] },
    issue_per_clk: { scale: [1, 2] },
    l2_gbps: { scale: [1, 2, 3, 4] },
    dram_gbps: { scale: [1, 1.5, 2, 3, 4, 5] },
  },
};

const makeFolder = tempFolders();
const browser = sharedBrowser();
let url: string;

beforeAll(async () => {
  const folder = makeFolder();
  const network = { name: EVIL, layers: [layer('a', 3, 64), layer(EVIL, 64, 32)] };
  writeFileSync(join(folder, 'network.json'), JSON.stringify(network));
  writeFileSync(join(folder, 'seen.json'), JSON.stringify(SPEC));
  for (const args of [
    ['run', 'seen.json', '--workers', '1'],
    ['report', 'seen', '--to', 'seen.html'],
  ]) {
    const { code, stderr } = await deltaSweep(args, folder);
    if (code !== 0) throw new Error(stderr);
  }
  url = pathToFileURL(join(folder, 'seen.html')).href;
});

interface Opened {
  page: Page;
  /** The requests of the page besides itself, its console messages and its errors. */
  faults: string[];
  plot: (name: string) => ReturnType<Page['locator']>;
}

async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const context = await (
    await browser()
  ).newContext({ viewport: { width, height: 900 }, colorScheme, hasTouch: width < 500 });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForFunction("document.documentElement.dataset['ready'] === 'true'");
  const kind = width < 640 ? 'narrow' : 'wide';
  return { page, faults, plot: (name) => page.locator(`#workload-1 .${kind}[data-plot=${name}]`) };
}

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const styleOf = (page: Page, property: string) =>
  page.evaluate<string>(`getComputedStyle(document.documentElement).${property}`);

const panelTitle = (page: Page) => page.locator('#workload-1 .panel h3').innerText();

/** The centre of a design's mark in the window. */
async function markOf({ plot, page }: Opened, nth: number): Promise<{ id: string; x: number; y: number }> {
  await plot('pareto').scrollIntoViewIfNeeded();
  const ids = await page.evaluate<number[]>(
    "JSON.parse(document.getElementById('data').textContent).workloads[0].front",
  );
  const id = String(ids[nth]);
  const box = (await plot('pareto').locator(`[data-id="${id}"]`).last().boundingBox())!;
  return { id, x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe.each([
  [1280, 'light'],
  [1280, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('the page at %d pixels, %s', (width, scheme) => {
  withChromium('loads nothing, prints nothing on the console, and is no wider than the window', async () => {
    const { page, faults } = await open(width, scheme);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(await page.title()).toBe('seen: delta-sweep report');
    const [ground, ink] = [await styleOf(page, 'backgroundColor'), await styleOf(page, 'color')];
    expect([ground, ink]).toEqual(
      scheme === 'light' ? ['rgb(255, 255, 255)', 'rgb(20, 24, 31)'] : ['rgb(15, 19, 24)', 'rgb(236, 239, 244)'],
    );
    await picture(page, `${width}-${scheme}`);
    await page.locator('.theme').click();
    expect(await styleOf(page, 'backgroundColor')).not.toBe(ground);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('names', () => {
  withChromium('that hold script are shown as text', async () => {
    const { page, faults } = await open(1280);
    expect(await page.locator('#name-1').innerText()).toBe(`${EVIL}, batch 8, forward`);
    expect(await page.locator('#workload-1 .layer-table tbody th').allInnerTexts()).toEqual(['a', EVIL]);
    await page.locator('#workload-1 button[data-pin]').first().click();
    expect(await page.locator('#workload-1 .layer-table tbody th').allInnerTexts()).toEqual(['a', EVIL]);
    expect(await page.locator('img, script:not([type]) ~ script').count()).toBe(0);
    expect(await page.title()).toBe('seen: delta-sweep report');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('the Pareto chart', () => {
  withChromium('shows the design under the pointer in a tooltip, and pins it on a click', async () => {
    const opened = await open(1280);
    const { page, faults } = opened;
    const { id, x, y } = await markOf(opened, 0);
    const before = await panelTitle(page);
    await page.mouse.move(x, y);
    expect(await page.locator('.tip').innerText()).toContain(`Design ${id}`);
    expect(await panelTitle(page)).toBe(before);
    await picture(page, 'hover');
    await page.mouse.click(x, y);
    expect(await panelTitle(page)).toContain(`Design ${id}`);
    expect(await page.locator('#workload-1 .layers caption').innerText()).toContain(`Design ${id}`);
    expect(await page.locator(`#workload-1 tr.pinned`).getAttribute('data-id')).toBe(id);
    await page.mouse.move(5, 5);
    expect(await page.locator('.tip').isVisible()).toBe(false);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  withChromium('moves along the front with arrow keys, and pins with Enter', async () => {
    const opened = await open(1280);
    const { page, faults, plot } = opened;
    await plot('pareto').focus();
    await page.keyboard.press('Home');
    const first = await page.locator('.tip b').innerText();
    await page.keyboard.press('ArrowRight');
    const second = await page.locator('.tip b').innerText();
    expect(second).not.toBe(first);
    expect(await page.locator('.live').innerText()).toMatch(/^Design \d+.*: time [\d.,]+ ms, area [\d.,]+ mm²/);
    expect(await page.locator('.live').innerText()).toContain(second);
    const button = page.locator('#workload-1 button[data-pin]').first();
    expect(await button.getAttribute('aria-label')).toBe(`Pin design ${await button.innerText()}`);
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.tip b').innerText()).toBe(first);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    const last = (await markOf(opened, -1 + (await page.locator('#workload-1 tr[data-id]').count()))).id;
    expect(await panelTitle(page)).toContain(`Design ${last}`);
    expect(await page.locator('.live').innerText()).toContain('is pinned');
    await page.keyboard.press('Escape');
    expect(await page.locator('.tip').isVisible()).toBe(false);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  withChromium('pins a design that is tapped on a phone', async () => {
    const opened = await open(390);
    const { page, faults } = opened;
    const { id, x, y } = await markOf(opened, 0);
    await page.touchscreen.tap(x, y);
    expect(await panelTitle(page)).toContain(`Design ${id}`);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('parallel coordinates', () => {
  /** The multiples of SMs of the designs that the table keeps. */
  const keptSms = (page: Page) =>
    page
      .locator('#workload-1 tr[data-id]:not(.off) td:nth-child(2)')
      .allTextContents()
      .then((cells) => [...new Set(cells)]);

  async function drag({ page, plot }: Opened, axis: number, from: number, to: number): Promise<void> {
    await plot('parallel').scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await plot('parallel').locator('.strip').nth(axis).boundingBox())!;
    const at = (part: number) =>
      width > height ? { x: x + part * width, y: y + height / 2 } : { x: x + width / 2, y: y + (1 - part) * height };
    const [start, end] = [at(from), at(to)];
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2);
    await page.mouse.move(end.x, end.y);
    await page.mouse.up();
  }

  withChromium('keep only the designs within a brush, in all charts and the table', async () => {
    const opened = await open(1280);
    const { page, faults, plot } = opened;
    expect((await keptSms(page)).length).toBeGreaterThan(1);
    await drag(opened, 0, 0.1, 0);
    expect(await keptSms(page)).toEqual(['1']);
    const off = await plot('pareto').locator('.off').count();
    expect(off).toBeGreaterThan(0);
    expect(await plot('parallel').locator('.off').count()).toBeGreaterThan(0);
    const { all, within } = await page.evaluate<{ all: number; within: number[] }>(`(() => {
      const [{ designs, context }] = JSON.parse(document.getElementById('data').textContent).workloads;
      const within = designs.filter(({ axes }) => axes[0] === context.axes[0].base);
      return { all: designs.length, within: within.map(({ id }) => id) };
    })()`);
    expect(within.length).toBeGreaterThan(90);
    const kept = await page.evaluate<number[]>(
      "[...document.querySelectorAll('#workload-1 .wide[data-plot=pareto] [data-id]:not(.off)')].map((mark) => Number(mark.dataset.id))",
    );
    expect([...new Set(kept)].sort((a, b) => a - b)).toEqual(within.sort((a, b) => a - b));
    expect(await plot('parallel').locator('.hint').innerText()).toContain(
      `${within.length} of ${all} designs are within the brushes.`,
    );
    await picture(page, 'brushed');
    await plot('parallel').locator('.strip').first().focus();
    await page.keyboard.press('Escape');
    expect(await plot('pareto').locator('.off').count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  withChromium('are brushed on a phone, one axis below the other', async () => {
    const opened = await open(390);
    await drag(opened, 0, 0.1, 0);
    expect(await keptSms(opened.page)).toEqual(['1']);
    expect(opened.faults).toEqual([]);
    await opened.page.context().close();
  });

  withChromium('are brushed with keys alone', async () => {
    const { page, plot, faults } = await open(1280);
    const strip = (nth: number) => plot('parallel').locator('.strip').nth(nth);
    await strip(0).focus();
    await page.keyboard.press('ArrowUp');
    expect(await strip(0).getAttribute('aria-valuetext')).toBe('from 60 to 120');
    expect(await keptSms(page)).not.toContain('1');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await strip(0).getAttribute('aria-valuetext')).toBe('from 60 to 90');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('MACs');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Delete');
    expect(await strip(0).getAttribute('aria-valuetext')).toBe('all values');
    expect(await page.locator('.live').innerText()).toBe('All designs are shown.');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('several workloads', () => {
  withChromium('are shown one at a time', async () => {
    const { page, faults } = await open(1280);
    expect(await page.locator('#workload-2').isVisible()).toBe(false);
    await page.locator('.select select').selectOption('1');
    expect(await page.locator('#workload-1').isVisible()).toBe(false);
    expect(await page.locator('#name-2').innerText()).toBe('alexnet, batch 2, forward');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('the printed page', () => {
  withChromium('has all workloads in light colours, without controls, within the width of the sheet', async () => {
    const { page, faults } = await open(794, 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#workload-2').isVisible()).toBe(true);
    expect(await page.locator('.theme').isVisible()).toBe(false);
    expect(await styleOf(page, 'backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(794);
    await picture(page, 'print');
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('the page without script', () => {
  withChromium('shows its charts, a design and the table', async () => {
    const context = await (await browser()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(url);
    expect(await page.locator('#workload-1 .wide svg').count()).toBe(5);
    expect(await page.locator('#workload-2 .panel h3').innerText()).toContain('Design');
    expect(await page.locator('#workload-1 tr[data-id]:visible').count()).toBeGreaterThan(5);
    await context.close();
  });
});
