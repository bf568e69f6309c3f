/** The designs of a block, grouped by the algorithms that are fastest on them. */
import type { BlockEvaluator } from './block-evaluator.js';
import type { ResolvedWork, StagedContext } from './resolved-work.js';

export interface ChoiceGroup {
  work: ResolvedWork;
  /** Positions of its designs in the block, ascending. */
  members: Int32Array;
}

/** @param block with the parameters of all kernels of the context set (`StagedContext.all`), for times alone */
export function groupByChoice(context: StagedContext, block: BlockEvaluator): ChoiceGroup[] {
  const { n } = block;
  const choices = Array.from({ length: n }, (): number[] => []);
  let first = 0;
  for (const { alternatives } of context.layers) {
    const fastest = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    const chosen = new Int32Array(n);
    alternatives.forEach((kernels, a) => {
      const times = block.timesMs(first, kernels.length);
      for (let i = 0; i < n; i++)
        if (times[i]! < fastest[i]!) {
          fastest[i] = times[i]!;
          chosen[i] = a;
        }
      first += kernels.length;
    });
    for (let i = 0; i < n; i++) choices[i]!.push(chosen[i]!);
  }
  const groups = new Map<string, number[]>();
  choices.forEach((choice, i) => {
    const key = choice.join();
    const members = groups.get(key);
    if (members) members.push(i);
    else groups.set(key, [i]);
  });
  return [...groups.values()].map((members) => ({
    work: context.resolve(choices[members[0]!]!),
    members: Int32Array.from(members),
  }));
}
