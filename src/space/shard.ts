/** One of `count` shares of a study, or of the search for its front; the first has index 1. */
export interface Shard {
  index: number;
  count: number;
}
