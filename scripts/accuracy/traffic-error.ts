/** The traffic models beside the simulation, on many configurations. */
import { forwardGemm } from '../../src/model/layer.js';
import { capacityTraffic } from '../../src/model/traffic/capacity.js';
import { closedFormTraffic } from '../../src/model/delta-2019/closed-form.js';
import { prepareTraffic } from '../../src/model/traffic/prepare.js';
import { simulate } from '../../src/model/simulation/simulate.js';
import type { Configuration } from './random-configurations.js';

export const LEVELS = ['l1', 'l2', 'dram'] as const;
export type Level = (typeof LEVELS)[number];

/** Bytes read at each level, by operand. */
export type Bytes = Record<Level, { ifmap: number; filter: number }>;

export const totalAt = (bytes: Bytes, level: Level): number => bytes[level].ifmap + bytes[level].filter;

/** What the simulation says; the slow part. */
export function simulated(configuration: Configuration): Bytes {
  const { layer, batch, tile, smCount, activeCtas, l1Bytes, l2Bytes } = configuration;
  return simulate({ layer, batch, tile, smCount, activeCtas, l1Bytes, l2Bytes });
}

/** What each model says. */
export const PREDICTORS: Record<string, (configuration: Configuration) => Bytes> = {
  delta: (configuration) =>
    capacityTraffic(prepareTraffic(configuration.layer, configuration.batch, configuration.tile), configuration),
  'delta-2019': ({ layer, batch, tile }) => closedFormTraffic(layer, batch, forwardGemm(layer, batch), tile),
};

/** Error of one level over many configurations. */
export interface LevelError {
  gmae: number;
  median: number;
  /** Largest factor between prediction and truth, either way, and where. */
  worst: number;
  worstAt: Configuration;
}

/** Errors of predicted totals against the truth, by level; configurations without traffic at a level are left out. */
export function levelErrors(
  configurations: readonly Configuration[],
  truth: readonly Bytes[],
  predicted: readonly Bytes[],
): Record<Level, LevelError> {
  const errorAt = (level: Level): LevelError => {
    const logs = configurations
      .map((configuration, i) => ({
        configuration,
        error: Math.abs(Math.log(totalAt(predicted[i]!, level) / totalAt(truth[i]!, level))),
      }))
      .filter(({ error }) => Number.isFinite(error))
      .sort((a, b) => a.error - b.error);
    const mean = logs.reduce((sum, { error }) => sum + error, 0) / logs.length;
    const worst = logs.at(-1)!;
    return {
      gmae: Math.expm1(mean),
      median: Math.expm1(logs[Math.floor(logs.length / 2)]!.error),
      worst: Math.exp(worst.error),
      worstAt: worst.configuration,
    };
  };
  return { l1: errorAt('l1'), l2: errorAt('l2'), dram: errorAt('dram') };
}
