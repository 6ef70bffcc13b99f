// A scanner for the texts of an XML document, made for hostile and cut-off ones: one pass, no entities of its own, no
// files, nothing kept but the path. It does not check that the document is well formed.

/** Elements deeper than this are passed over; device descriptions need eight. */
const MAX_DEPTH = 32;
/** Tags read of one document. The longest descriptions have about a thousand. */
const MAX_TAGS = 20_000;

/** Called for each text with the local names of the elements around it, outermost first. The path must not be kept. */
export type TextVisitor = (path: readonly string[], text: string) => void;

/** Calls `visit` for every text of an element that is not empty, as far as the document goes. */
export function scanXml(xml: string, visit: TextVisitor): void {
  const path: string[] = [];
  let depth = 0;
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const open = xml.indexOf('<', at);
    if (open < 0) return;
    if (open > at && depth === path.length) {
      const text = decodeEntities(xml.slice(at, open)).trim();
      if (text !== '') visit(path, text);
    }
    if (xml.startsWith('<!--', open)) {
      at = after(xml, '-->', open + 4);
    } else if (xml.startsWith('<![CDATA[', open)) {
      at = after(xml, ']]>', open + 9);
      const text = xml.slice(open + 9, at - 3).trim();
      if (text !== '' && depth === path.length) visit(path, text);
    } else {
      const close = xml.indexOf('>', open);
      if (close < 0) return;
      at = close + 1;
      const first = xml[open + 1];
      if (first === '?' || first === '!') continue;
      if (first === '/') {
        if (depth === path.length) path.pop();
        if (depth > 0) depth--;
      } else if (xml[close - 1] !== '/') {
        depth++;
        if (path.length === depth - 1 && depth <= MAX_DEPTH)
          path.push(localName(xml.slice(open + 1, Math.min(close, open + 200))));
      }
    }
  }
}

const after = (xml: string, end: string, from: number): number => {
  const at = xml.indexOf(end, from);
  return at < 0 ? xml.length : at + end.length;
};

function localName(tag: string): string {
  const name = /^[^\s/]*/.exec(tag)?.[0] ?? '';
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The entities of XML, character references, and the one of HTML that titles carry; others stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
