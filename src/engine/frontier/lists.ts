/** A box of a cell's designs: the values of each of its rate digits that are left. */
export type Lists = readonly Int32Array[];

/** Designs of a box. */
export function sizeOf(lists: Lists): number {
  let size = 1;
  for (const { length } of lists) size *= length;
  return size;
}

/** The least and the most that values of a list come to. */
export function rangeOf(values: Float64Array, list: Int32Array): [number, number] {
  let [least, most] = [values[list[0]!]!, values[list[0]!]!];
  for (let v = 1; v < list.length; v++) {
    const value = values[list[v]!]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

export function spanOf(values: Float64Array, list: Int32Array): number {
  const [least, most] = rangeOf(values, list);
  return most - least;
}
