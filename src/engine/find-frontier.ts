/** Finds the exact front of a grid without evaluating all of it: keeps the pool busy with parts of it, round by round. */
import { availableParallelism } from 'node:os';
import type { FrontQuery } from '../analysis/front-query.js';
import type { WorkloadFronts } from '../analysis/workload-fronts.js';
import { Cells } from './frontier/cells.js';
import type { FrontSoFar } from './frontier/place-search.js';
import { proves, roundsOf } from './frontier/rounds.js';
import type { WorkloadFacts } from '../model/metrics.js';
import { gridOf, type Study } from '../space/study.js';
import { factsOf } from './facts.js';
import { FrontierFronts } from './frontier-fronts.js';
import { openPool, type Pool } from './pool.js';
import { progressOf, type Progress } from './progress.js';
import { asRunError, orAborted } from './run.js';
import type { Shard } from './shards.js';

/** How far a search is: what it takes to go on with it. */
export interface FrontierState {
  /** Rounds that are done, of how many. */
  rounds: number;
  ofRounds: number;
  /** Designs whose own time was computed, and boxes of designs that were bounded. */
  designs: number;
  boxes: number;
  /** The fronts so far, one a workload. */
  fronts: FrontSoFar[];
}

export interface FrontierOptions {
  /** Threads; default: one a core. */
  workers?: number;
  /** A share of the search, for one machine of several; default: all of it. */
  shard?: Shard | undefined;
  /** A search to go on with. */
  state?: FrontierState | undefined;
  /** Stops the search: rounds that are done stay, the one in flight is dropped. */
  signal?: AbortSignal;
  /** How much of the grid is proven to hold no other design of the front. */
  onProgress?: (progress: Progress) => void;
  /** Gets the state after each round. */
  onRound?: (state: FrontierState) => void;
}

export interface Frontier {
  state: FrontierState;
  fronts: WorkloadFronts;
  facts: readonly WorkloadFacts[];
  /** Whether it was stopped before its end. */
  stopped: boolean;
}

/** Finds the front of each workload of a study. */
export async function findFrontier(study: Study, query: FrontQuery, options: FrontierOptions = {}): Promise<Frontier> {
  const { workers = availableParallelism(), shard, signal, onProgress, onRound } = options;
  const facts = factsOf(study);
  const rounds = roundsOf(study.workloads.length, Cells.piecesOf(study), shard);
  const fronts = new FrontierFronts(study, query, facts);
  const start = { rounds: 0, ofRounds: rounds.length, designs: 0, boxes: 0, fronts: fronts.designs };
  let state: FrontierState = options.state ?? start;
  fronts.restore(state.fronts);

  const size = Math.ceil(gridOf(study).size / (shard?.count ?? 1));
  const proofs = rounds.flat().filter(proves).length;
  let proven = rounds.slice(0, state.rounds).flat().filter(proves).length;
  const [resumedAt, startMs] = [proven, performance.now()];
  const points = (parts: number) => Math.floor((parts / proofs) * size);
  const report = () => onProgress?.(progressOf(points(resumedAt), points(proven), size, startMs, performance.now()));

  const pool: Pool | undefined =
    state.rounds < rounds.length
      ? openPool({ study, traffic: undefined, question: { query, facts } }, workers)
      : undefined;
  try {
    for (let r = state.rounds; r < rounds.length && !signal?.aborted; r++) {
      const known = fronts.designs;
      const round = Promise.all(
        rounds[r]!.map(async (part) => {
          const searched = await pool!.search({ part, front: known[part.workload]! });
          if (proves(part)) proven++;
          report();
          return searched;
        }),
      );
      const ended = round.catch(() => undefined);
      await orAborted(ended, signal);
      if (signal?.aborted) break;
      const searched = await round;
      searched.forEach((result, i) => fronts.add(rounds[r]![i]!.workload, result));
      state = {
        rounds: r + 1,
        ofRounds: rounds.length,
        designs: searched.reduce((sum, { designs }) => sum + designs, state.designs),
        boxes: searched.reduce((sum, { boxes }) => sum + boxes, state.boxes),
        fronts: fronts.designs,
      };
      onRound?.(state);
    }
  } catch (error) {
    throw asRunError(error);
  } finally {
    await pool?.close();
  }
  return { state, fronts: fronts.exact, facts, stopped: state.rounds < rounds.length };
}

/**
 * What the shares of a search have found, together: the state of a search that has ended, and its front. The figures of all
 * designs are computed again.
 */
export function joinFrontiers(study: Study, query: FrontQuery, states: readonly FrontierState[]): Frontier {
  const facts = factsOf(study);
  const rounds = roundsOf(study.workloads.length, Cells.piecesOf(study)).length;
  const fronts = new FrontierFronts(study, query, facts);
  for (const state of states) fronts.restore(state.fronts);
  const sum = (of: (state: FrontierState) => number) => states.reduce((total, state) => total + of(state), 0);
  const state: FrontierState = {
    ...{ rounds, ofRounds: rounds, designs: sum(({ designs }) => designs), boxes: sum(({ boxes }) => boxes) },
    fronts: fronts.designs,
  };
  return { state, fronts: fronts.exact, facts, stopped: false };
}
