import { describe, expect, test } from '@jest/globals';
import { launch } from '../../../src/model/traffic/launch.js';
import { filtersOfColumn } from '../../../src/model/traffic/tiled-layer.js';
import { tiled } from './layers.js';

const CASES = [
  { rows: 13, filters: 100, sms: 4, active: 2 },
  { rows: 50, filters: 64, sms: 8, active: 1 },
  { rows: 3, filters: 300, sms: 20, active: 2 },
  { rows: 24, filters: 200, sms: 8, active: 3 },
  { rows: 7, filters: 40, sms: 80, active: 4 },
  { rows: 40, filters: 130, sms: 12, active: 5 },
];

describe('the waves of a launch', () => {
  test.each(CASES)('$rows rows, $filters filters on $sms SMs x $active: as counted CTA by CTA', (c) => {
    const layer = tiled([1, 8, c.rows * 8, 16, c.filters, 1, 1, 0, 0, 1, 1], [128, 32, 4]);
    expect(layer.rows).toBe(c.rows);
    const { waves, slots } = launch(layer, c.sms, c.active);
    for (const wave of waves) {
      const groups = new Map<string, number[]>();
      const waveColumns = new Set<string>();
      for (let cta = wave.begin; cta < wave.end; cta++) {
        const key = `${Math.floor(cta / slots)}/${cta % c.sms}`;
        groups.set(key, [...(groups.get(key) ?? []), cta]);
        waveColumns.add(`${Math.floor(cta / slots)}/${Math.floor(cta / c.rows)}`);
      }
      const all = [...groups.values()];
      const mean = (count: (ctas: number[]) => number): number =>
        all.reduce((sum, ctas) => sum + count(ctas), 0) / all.length;
      const column = (cta: number): number => Math.floor(cta / c.rows);
      expect(all).toHaveLength(wave.count * wave.sms);
      expect(wave.smCtas).toBeCloseTo(
        mean((ctas) => ctas.length),
        9,
      );
      expect(wave.smColumns).toBeCloseTo(
        mean((ctas) => new Set(ctas.map(column)).size),
        9,
      );
      expect(wave.smFilters).toBeCloseTo(
        mean((ctas) => [...new Set(ctas.map(column))].reduce((sum, x) => sum + filtersOfColumn(layer, x), 0)),
        9,
      );
      expect(wave.columns).toBeCloseTo(waveColumns.size / wave.count, 9);
      const rowsOf = (ctas: number[]): number => new Set(ctas.map((cta) => cta % c.rows)).size;
      if (Number.isInteger(wave.smCtas)) expect(wave.smRows).toBe(Math.max(...all.map(rowsOf)));
    }
    expect(waves.reduce((sum, wave) => sum + wave.count * wave.ctas, 0)).toBe(layer.ctas);
  });

  test.each(CASES)('$rows rows, $filters filters on $sms SMs x $active: new, again and copied columns', (c) => {
    const layer = tiled([1, 8, c.rows * 8, 16, c.filters, 1, 1, 0, 0, 1, 1], [128, 32, 4]);
    const { waves, slots } = launch(layer, c.sms, c.active);
    const column = (cta: number): number => Math.floor(cta / c.rows);
    for (const wave of waves) {
      const counted = { fresh: 0, again: 0, copies: 0 };
      for (let cta = wave.begin; cta < wave.end; cta++) {
        const before = cta - c.sms;
        const seen = before >= 0 && column(before) === column(cta);
        const sameWave = Math.floor(before / slots) === Math.floor(cta / slots);
        counted[!seen ? 'fresh' : sameWave ? 'copies' : 'again']++;
      }
      const sum = (name: keyof typeof counted): number => wave.widths.reduce((total, width) => total + width[name], 0);
      expect({ fresh: sum('fresh'), again: sum('again'), copies: sum('copies') }).toEqual(counted);
    }
  });

  test('on one SM the rows come again after rows / gcd(rows, SMs) CTAs', () => {
    const layer = tiled([1, 8, 24 * 8, 16, 128, 1, 1, 0, 0, 1, 1], [128, 32, 4]);
    expect(launch(layer, 16, 2).period).toBe(3);
    expect(launch(layer, 5, 2).period).toBe(24);
  });
});
