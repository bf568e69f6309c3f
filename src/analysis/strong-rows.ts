/** The lengths of the list. */
const FEWEST = 8;
const MOST = 128;

/**
 * A short list of rows that dominate much of what comes, so that most rows are rejected before any sorting. It arranges
 * itself: a row that dominates another one moves up, as most are dominated by a few central ones.
 */
export class StrongRows {
  /** Costs row after row, the strongest row first. */
  private costs = new Float64Array(0);
  /** 1 for rows that dominated another one since the list was renewed. */
  private hits = new Uint8Array(0);
  private wanted = FEWEST;

  /** @param objectives costs a row, all to be small */
  constructor(private readonly objectives: number) {}

  /** Whether a row of the list dominates this one. */
  dominate(row: Float64Array): boolean {
    const { costs, objectives } = this;
    for (let start = 0; start < costs.length; start += objectives) {
      let k = 0;
      while (k < objectives && costs[start + k]! <= row[k]!) k++;
      if (k === objectives && !this.equals(start, row)) {
        this.moveUp(start / objectives);
        return true;
      }
    }
    return false;
  }

  /**
   * Takes rows of a new front into the list, in place of those that dominated nothing since the last time. The list
   * grows while most rows that it let pass turn out to be dominated, and shrinks while they do not.
   *
   * @param front one array an objective, sorted, so that equal rows follow each other
   * @param passed rows that the list let pass since the last time
   * @param dominated how many have left the rows on the front and those that passed since
   */
  renew(front: readonly Float64Array[], passed: number, dominated: number): void {
    this.wanted = Math.min(MOST, Math.max(FEWEST, 2 * dominated > passed ? 2 * this.wanted : this.wanted / 2));
    const rows = this.strongest(this.wanted / 2);
    const { length } = front[0]!;
    const fresh = Math.min(length, this.wanted - rows.length);
    for (let i = 0, last = -1; i < fresh; i++) {
      const at = Math.floor(((i + 0.5) * length) / fresh);
      if (last < 0 || front.some((cost) => cost[at] !== cost[last])) rows.push(front.map((cost) => cost[at]!));
      last = at;
    }
    this.costs = Float64Array.from(rows.flat());
    this.hits = new Uint8Array(rows.length);
  }

  /** Up to `MOST` rows that dominated another one. */
  private strongest(most: number): number[][] {
    const rows: number[][] = [];
    for (let at = 0; at < this.hits.length && rows.length < most; at++)
      if (this.hits[at] === 1) rows.push([...this.costs.subarray(at * this.objectives, (at + 1) * this.objectives)]);
    return rows;
  }

  private equals(start: number, row: Float64Array): boolean {
    for (let k = 0; k < this.objectives; k++) if (this.costs[start + k] !== row[k]) return false;
    return true;
  }

  /** Notes that a row dominated another one, and swaps it with the one halfway to the front. */
  private moveUp(at: number): void {
    const { costs, hits, objectives } = this;
    hits[at] = 1;
    const to = at >> 1;
    if (to === at) return;
    [hits[to], hits[at]] = [1, hits[to]!];
    for (let k = 0; k < objectives; k++) {
      const cost = costs[to * objectives + k]!;
      costs[to * objectives + k] = costs[at * objectives + k]!;
      costs[at * objectives + k] = cost;
    }
  }
}
