/** Contexts by key; the oldest go when there are too many. */
import type { StagedContext } from './resolved-work.js';

const bytesOf = (context: StagedContext | string): number => (typeof context === 'string' ? 64 : context.bytes);

export class ContextCache {
  private readonly known = new Map<number, StagedContext | string>();
  private bytes = 0;
  /** Contexts that were made so far. */
  made = 0;

  constructor(private readonly mostBytes: number) {}

  /** The context of a key, or why it cannot run; made where it is not known. */
  get(key: number, make: () => StagedContext | string): StagedContext | string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const context = make();
    this.made++;
    this.bytes += bytesOf(context);
    for (const [oldest, dropped] of this.known) {
      if (this.bytes <= this.mostBytes) break;
      this.bytes -= bytesOf(dropped);
      this.known.delete(oldest);
    }
    this.known.set(key, context);
    return context;
  }
}
