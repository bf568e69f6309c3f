/** A design that cannot run a layer, and why. */
export interface Infeasible {
  infeasible: string;
}
