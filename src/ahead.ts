/**
 * What work on items gives, in their order, while the next ones are under way.
 *
 * @param most items that are worked on at a time, the one that is waited for among them
 */
export async function* ahead<Item, Result>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const item of items) {
    const result = work(item);
    // One that fails after another one has is not waited for.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= most) yield underWay.shift()!;
  }
  for (const result of underWay) yield result;
}
