/** Charts as PNG. */
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Pixels of the picture for one of the chart: it is sharp in print at half the size. */
const SCALE = 3;

/** Draws an SVG on white with the given fonts (WOFF2), without those of the machine. */
export async function toPng(svg: string, fonts: readonly Uint8Array[]): Promise<Uint8Array> {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const renderer = new Resvg(svg, {
    font: { fontBuffers: fonts.map((bytes) => new Uint8Array(bytes)), defaultFontFamily: 'Inter' },
    fitTo: { mode: 'zoom', value: SCALE },
    background: '#ffffff',
  });
  return renderer.render().asPng();
}
