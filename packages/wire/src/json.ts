// JSON as devices send it, which may be cut off, nested without end or something else altogether. Whoever reads it gets
// objects and texts, or nothing.

export type JsonObject = Readonly<Record<string, unknown>>;

/** Undefined for text that is no JSON: cut-off documents, and those nested deeper than the stack is. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under these names, from the outermost; undefined where any of them is missing or no object. */
export function objectAt(value: unknown, ...names: readonly string[]): JsonObject | undefined {
  let found = value;
  for (const name of names) found = isJsonObject(found) ? found[name] : undefined;
  return isJsonObject(found) ? found : undefined;
}

/** The text or number under a name, as text; empty where there is none. */
export function textOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
