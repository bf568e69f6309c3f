/** The shape of each bottleneck's mark. */
import type { Bottleneck } from '../../model/bottleneck.js';
import { pathThrough } from './svg.js';

/** Degrees clockwise from the top, and the distance from the centre. */
type Corner = readonly [degrees: number, distance: number];

/** A shape that repeats the corners of one sector all around. */
const shape = (sectors: number, ...corners: Corner[]) => ({ sectors, corners });

/** Shapes with the area of a circle of radius 1. */
export const SHAPES: Record<Bottleneck, ReturnType<typeof shape> | 'circle'> = {
  compute: 'circle',
  issue: shape(3, [0, 1.555]), // triangle
  smem: shape(3, [158.8, 1.323], [201.2, 1.323], [240, 0.552]), // three arms
  l1: shape(5, [0, 1.673], [36, 0.639]), // star
  l2: shape(2, [0, 1.65], [90, 0.952]), // diamond
  dram: shape(4, [45, 1.253]), // square
  latency: shape(4, [-18.4, 1.253], [18.4, 1.253], [45, 0.561]), // cross
  launch: shape(6, [0, 1.1]), // hexagon
};

/** Path data of a bottleneck's shape around the origin, with the area of a circle of radius `r`. */
export function shapePath(name: Bottleneck, r: number): string {
  const outline = SHAPES[name];
  if (outline === 'circle') return `M0,${-r}A${r},${r},0,0,1,0,${r}A${r},${r},0,0,1,0,${-r}Z`;
  const { sectors, corners } = outline;
  const points = Array.from({ length: sectors }, (_, sector) =>
    corners.map(([degrees, distance]) => {
      const angle = 2 * Math.PI * (degrees / 360 + sector / sectors);
      return { x: r * distance * Math.sin(angle), y: -r * distance * Math.cos(angle) };
    }),
  );
  return `${pathThrough(points.flat())}Z`;
}
