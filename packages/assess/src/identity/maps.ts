// Small things done all the time with maps and lists.

/** The value of a key, made and kept where there is none. */
export function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Adds to the list of a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

/** Adds all of one list to another. Spreading into `push` would put every item on the stack, and lists can be long. */
export function addAll<T>(to: T[], from: Iterable<T>): void {
  for (const item of from) to.push(item);
}
