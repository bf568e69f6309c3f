import { NumberIds } from './number-ids.js';

/**
 * LRU stack distances after Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", IBM
 * Systems Journal 9(2), 1970, with a Fenwick tree over time (Bennett and Kruskal, 1975): position t of the tree holds 1
 * if some key was touched last at time t, so the keys touched since a time are a suffix sum.
 */
export class LruStack {
  /** Distinct other keys touched since the last touch of the key just touched; -1 if that was its first. */
  distance = -1;
  private time = 0;
  private readonly ids: NumberIds;
  private readonly lastTouch: Int32Array;
  /** Node i, from 1 on, sums the positions up to i - 1, as many as the lowest bit of i; it comes to be at time i - 1. */
  private readonly tree: Int32Array;

  /** @param touches the most touches that will come, and `keys` the most different keys */
  constructor(touches: number, keys = touches) {
    this.ids = new NumberIds(keys);
    this.lastTouch = new Int32Array(keys);
    this.tree = new Int32Array(touches + 1);
  }

  /** Forgets all touches. */
  clear(): void {
    this.time = 0;
    this.ids.clear();
  }

  /** Touches a key, an integer; returns its number, keys being numbered from 0 as they first come. */
  touch(key: number): number {
    const known = this.ids.size;
    const id = this.ids.of(key);
    if (id === known) this.distance = -1;
    else {
      const last = this.lastTouch[id]!;
      this.distance = this.keysSince(last + 1);
      this.forget(last);
    }
    this.lastTouch[id] = this.time;
    this.append();
    return id;
  }

  /** Distinct keys touched at or after a time, the time being the number of touches before. */
  keysSince(time: number): number {
    const { tree } = this;
    let before = 0;
    for (let i = time; i > 0; i &= i - 1) before += tree[i]!;
    return this.ids.size - before;
  }

  /** Takes the key out of the time that is no longer its last. */
  private forget(time: number): void {
    const { tree } = this;
    for (let i = time + 1; i <= this.time; i += i & -i) tree[i]! -= 1;
  }

  /** A key is touched now: the node of this time sums the nodes below it. */
  private append(): void {
    const { tree } = this;
    const node = ++this.time;
    let sum = 1;
    for (let child = node - 1, end = node & (node - 1); child > end; child &= child - 1) sum += tree[child]!;
    tree[node] = sum;
  }
}
