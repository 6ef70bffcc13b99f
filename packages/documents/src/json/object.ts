// Single JSON texts, read with limits: how deep they may nest, since each level costs stack, and what they hold as a flat
// record of texts.

/** Deeper nesting is an attack: sound records have some six levels. */
export const MAX_NESTING = 64;
/** Fields of one flat record. */
const MAX_FIELDS = 2_000;

export type JsonObject = Readonly<Record<string, unknown>>;

/** In: the text of one object. Out: the object, or why it is none. */
export function jsonObject(text: string): JsonObject | string {
  if (nesting(text) > MAX_NESTING) return `nested deeper than ${MAX_NESTING} levels`;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : 'no JSON object';
  } catch {
    return 'no JSON';
  }
}
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How deep brackets nest, outside of texts. */
export function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      for (i++; i < text.length && text.charCodeAt(i) !== 0x22; i++) if (text.charCodeAt(i) === 0x5c) i++;
    } else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Fields by name, inner ones behind a point, lists joined by commas; what is null is left out. */
export function flatten(object: JsonObject): Map<string, string> {
  const fields = new Map<string, string>();
  const walk = (value: unknown, name: string): void => {
    if (fields.size >= MAX_FIELDS || value === null || value === undefined) return;
    if (isObject(value))
      for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key : `${name}.${key}`);
    else if (Array.isArray(value)) {
      if (value.length > 0)
        fields.set(
          name,
          value
            .filter((one) => typeof one !== 'object')
            .map(textOf)
            .join(','),
        );
    } else fields.set(name, textOf(value));
  };
  walk(object, '');
  return fields;
}
const textOf = (value: unknown): string => (value === true ? 'T' : value === false ? 'F' : String(value));

/** The text or number of a field, as text; undefined where there is none. */
export function textField(object: unknown, ...names: readonly string[]): string | undefined {
  let at: unknown = object;
  for (const name of names) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return typeof at === 'string' ? at : typeof at === 'number' && Number.isFinite(at) ? String(at) : undefined;
}
export const objectField = (object: unknown, name: string): JsonObject | undefined => {
  const value = isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(value) ? value : undefined;
};
export const listField = (object: unknown, name: string): readonly unknown[] => {
  const value = isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value : [];
};
