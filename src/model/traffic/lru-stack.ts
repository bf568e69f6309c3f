/**
 * LRU stack distances after Mattson, Gecsei, Slutz and Traiger, "Evaluation techniques for storage hierarchies", IBM
 * Systems Journal 9(2), 1970, with a Fenwick tree over time (Bennett and Kruskal, 1975): position t of the tree holds 1
 * if some key was touched last at time t, so the keys touched since a time are a suffix sum.
 */
export class LruStack {
  /** Distinct other keys touched since the last touch of the key just touched; -1 if that was its first. */
  distance = -1;
  private time = 0;
  private readonly ids = new Map<number, number>();
  private readonly lastTouch: Int32Array;
  private readonly tree: Int32Array;

  /** @param touches the most touches that will come */
  constructor(touches: number) {
    this.lastTouch = new Int32Array(touches);
    this.tree = new Int32Array(touches + 1);
  }

  /** Touches a key; returns its number, keys being numbered from 0 as they first come. */
  touch(key: number): number {
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(key, id);
      this.distance = -1;
    } else {
      const last = this.lastTouch[id]!;
      this.distance = this.keysSince(last + 1);
      this.add(last, -1);
    }
    this.lastTouch[id] = this.time;
    this.add(this.time++, 1);
    return id;
  }

  /** Distinct keys touched at or after a time, the time being the number of touches before. */
  keysSince(time: number): number {
    let before = 0;
    for (let i = time; i > 0; i -= i & -i) before += this.tree[i]!;
    return this.total - before;
  }

  private total = 0;

  private add(time: number, change: number): void {
    this.total += change;
    for (let i = time + 1; i < this.tree.length; i += i & -i) this.tree[i]! += change;
  }
}
