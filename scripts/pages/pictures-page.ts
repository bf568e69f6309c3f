/** docs/model-in-pictures.md and its pictures: what is drawn is what the model says. */
import { OVERLAP_NORM } from '../../src/model/kernel/kernel-time.js';
import { showNumber, showPercent } from '../../src/model/units.js';
import { balancePicture, optionFront } from '../pictures/balance-picture.js';
import { cachesPicture } from '../pictures/caches-picture.js';
import { EXAMPLE, exampleLayer } from '../pictures/example.js';
import { gemmPicture } from '../pictures/gemm-picture.js';
import { streamsPicture } from '../pictures/streams-picture.js';
import type { Picture } from '../pictures/svg.js';
import { trafficPicture } from '../pictures/traffic-picture.js';
import { wavesPicture } from '../pictures/waves-picture.js';

/** By the name of their files under docs/pictures. */
export const PICTURES: Record<string, () => Picture> = {
  gemm: gemmPicture,
  traffic: trafficPicture,
  caches: cachesPicture,
  streams: streamsPicture,
  waves: wavesPicture,
  balance: balancePicture,
};

const image = (name: keyof typeof PICTURES) => `![${PICTURES[name]!().alt}](pictures/${name}.svg)`;

export function picturesPage(): string {
  const { gemm, tile, bottleneck, waves, activeCtas } = exampleLayer();
  const { options, front } = optionFront();
  const balanced = front.find((design) => design.balanced)!;
  return `# The model in pictures

Drawn by \`npm run docs\` from what the model computes, for one layer: \`${EXAMPLE.layer}\` of ${EXAMPLE.network}, batch ${EXAMPLE.batch}, on ${EXAMPLE.gpu}. The same figures as numbers:
\`delta-sweep explain --gpu ${EXAMPLE.gpu} --network ${EXAMPLE.network} --layer ${EXAMPLE.layer}\`. [model.md](model.md) has the equations; sections in brackets are its.

## A convolution is a matrix product

${image('gemm')}

A GPU runs a convolution as a product of matrices: a row for every output pixel, a column for every filter ([1](model.md)). The large matrix is never written: each
load computes where its input lies. The product is cut into tiles; a block of threads, a CTA, makes one of ${tile.m} x ${tile.n} outputs (2). K is ${showNumber(gemm.k)} long,
so the loads of a CTA overlap much with each other, and with those of its neighbours.

## What is loaded, level by level

${image('traffic')}

Loads go to L1, what is not there to L2, what is not there to DRAM. What a level serves depends on its capacity, on how many CTAs share it, and on the order
of the loads; the model computes it by rules that are held against hardware counters and an address-level simulation (10, and \`delta-sweep trace\`).

## What a cache keeps

${image('caches')}

A line is found again where fewer other lines than the cache has ways have come into its set since. Sets fill by chance, so a cache begins to lose lines before
it is full, and keeps some beyond (10.3). Each kind of reuse has a distance; as L2 grows, one after the other fits, and DRAM traffic falls in steps with rounded edges.

## What binds a wave

${image('streams')}

An SM holds ${activeCtas} CTAs of this layer at once: a wave. Its multipliers, schedulers, memories and the time that one CTA needs by itself all have their own length
(11.3). They overlap, and ${bottleneck} is the longest. The time of the wave is their p-norm, p = ${OVERLAP_NORM} (11.4): the same rule for every GPU and layer. So what binds can be told, and how much of
it another resource would buy (5.5).

## Waves over SMs

${image('waves')}

CTAs come in whole waves: ${waves.full} of ${waves.size} and a rest of ${waves.rest} on the busiest SM. That is why time responds to the number of SMs in steps.

## What "balanced" means

${image('balance')}

Silicon is well spent where its share of the area is its share of what more area would buy. Imbalance is how much of the two does not overlap: 0 where no area moved from one block to
another would buy time (5.4). The balanced design of a front is the one with the least: here \`${options[balanced.id]!}\`, with ${showPercent(balanced.imbalance)}.
`;
}
