/** Where the figures of a block's designs go: most often to rows that follow each other, which are written at once. */
export class Targets {
  private n = 0;
  private readonly members: Int32Array;
  private readonly rows: Int32Array;
  private follow = true;

  constructor(most: number) {
    this.members = new Int32Array(most);
    this.rows = new Int32Array(most);
  }

  clear(): void {
    this.n = 0;
    this.follow = true;
  }

  /** A design of the block, ascending, that has a row. */
  add(member: number, row: number): void {
    const { n, members, rows } = this;
    if (n > 0 && (member !== members[n - 1]! + 1 || row !== rows[n - 1]! + 1)) this.follow = false;
    members[n] = member;
    rows[n] = row;
    this.n = n + 1;
  }

  /** The first designs of the block, whose rows follow each other. */
  addRun(n: number, row: number): void {
    this.n = n;
    this.members[0] = 0;
    this.rows[0] = row;
  }

  /** Writes the figures of the block, which start at an index of `from`, to a column. */
  write(from: Float64Array, first: number, to: Float64Array): void {
    const { n, members, rows } = this;
    if (n === 0) return;
    const start = first + members[0]!;
    if (this.follow) to.set(from.subarray(start, start + n), rows[0]);
    else for (let k = 0; k < n; k++) to[rows[k]!] = from[first + members[k]!]!;
  }

  /** Writes one figure to all rows. */
  fill(figure: number, to: Float64Array | Int32Array): void {
    const { n, rows } = this;
    if (n > 0 && this.follow) to.fill(figure, rows[0], rows[0]! + n);
    else for (let k = 0; k < n; k++) to[rows[k]!] = figure;
  }
}
