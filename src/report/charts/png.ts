/** Charts as pictures. */
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Pixels of the picture for one of the chart: sharp in print at half the size. */
const SCALE = 3;

/** Draws an SVG on white with some fonts (WOFF2), whatever the machine has. */
export async function toPng(svg: string, fonts: readonly Uint8Array[]): Promise<Uint8Array> {
  await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const renderer = new Resvg(svg, {
    font: { fontBuffers: fonts.map((bytes) => new Uint8Array(bytes)), defaultFontFamily: 'Inter' },
    fitTo: { mode: 'zoom', value: SCALE },
    background: '#ffffff',
  });
  return renderer.render().asPng();
}
