// Fetches what a NetBox knows of devices through its REST API: page by page, from that server only, within limits, as one
// document of JSON lines that the importer reads. The token is sent and not kept.
import { problem } from '../api-problem.ts';

/** What is asked for; modules and addresses follow the devices they belong to. */
const ENDPOINTS = [
  'dcim/devices',
  'virtualization/virtual-machines',
  'dcim/interfaces',
  'virtualization/interfaces',
  'ipam/ip-addresses',
  'dcim/mac-addresses',
  'dcim/inventory-items',
] as const;
/** The largest page NetBox gives as it is installed (MAX_PAGE_SIZE). */
const PAGE_ITEMS = 1_000;
/** Pages of one list: a million objects. */
const MAX_PAGES = 1_000;
/** Bytes of one page. */
const MAX_PAGE_BYTES = 64 << 20;
/** A page that takes longer does not come any more. */
const TIMEOUT_MILLISECONDS = 60_000;

/**
 * In: the address of a NetBox and a token. Out: the document, piece by piece. Throws `import.not-fetched`.
 * Lists that an older NetBox does not have are left out.
 */
export async function* fetchNetBox(address: string, token: string | undefined): AsyncGenerator<Uint8Array> {
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  const shown = `${base.protocol}//${base.host}`;
  const api = new URL(base.pathname.includes('/api/') ? '.' : 'api/', base);
  let objects = 0;
  for (const endpoint of ENDPOINTS) {
    let next: URL | undefined = new URL(`${endpoint}/?limit=${PAGE_ITEMS}&exclude=config_context`, api);
    for (let page = 0; next && page < MAX_PAGES; page++) {
      const answer: Page | undefined = await fetchPage(next, token, shown, endpoint !== 'dcim/devices');
      if (!answer) break;
      let lines = '';
      for (const object of answer.results) {
        lines += `${JSON.stringify({ endpoint, object })}\n`;
        objects++;
      }
      if (lines !== '') yield Buffer.from(lines);
      next = nextPage(answer.next, api, shown);
    }
  }
  if (objects === 0)
    throw problem('import.not-fetched', { url: shown, problem: 'it has no devices, or shows none to this token' });
}

interface Page {
  readonly results: readonly unknown[];
  readonly next: string | null;
}

/** One page; undefined where this NetBox has no such list, as far as that is allowed. */
async function fetchPage(
  url: URL,
  token: string | undefined,
  shown: string,
  mayLack: boolean,
): Promise<Page | undefined> {
  const fail = (text: string) => problem('import.not-fetched', { url: shown, problem: text });
  let response: Response;
  try {
    response = await fetch(url, {
      // A redirect could lead the token elsewhere.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      headers: { accept: 'application/json', ...(token ? { authorization: `Token ${token}` } : {}) },
    });
  } catch (error) {
    const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
    throw fail(cause?.code ?? cause?.message ?? message);
  }
  if (response.status === 404 && mayLack) return undefined;
  if (response.status === 401 || response.status === 403)
    throw fail('the token is not accepted, or may not read devices');
  if (!response.ok) throw fail(`it answers with status ${response.status}`);
  const parsed = parsePage(await limitedText(response, fail));
  if (!parsed) throw fail('what answers there is no NetBox');
  return parsed;
}

async function limitedText(response: Response, fail: (text: string) => Error): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > MAX_PAGE_BYTES) break;
      parts.push(part);
    }
  } catch (error) {
    throw fail(`the answer breaks off: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (length > MAX_PAGE_BYTES) throw fail(`a page of more than ${MAX_PAGE_BYTES} bytes`);
  return Buffer.concat(parts).toString('utf8');
}

function parsePage(text: string): Page | undefined {
  try {
    const value = JSON.parse(text) as { results?: unknown; next?: unknown };
    if (!Array.isArray(value?.results)) return undefined;
    return { results: value.results, next: typeof value.next === 'string' ? value.next : null };
  } catch {
    return undefined;
  }
}

/** The address of the next page, at the same server: behind a proxy NetBox may name itself by another one. */
function nextPage(next: string | null, api: URL, shown: string): URL | undefined {
  if (next === null || !URL.canParse(next)) return undefined;
  const { pathname, search } = new URL(next);
  const at = pathname.indexOf('/api/');
  if (at < 0) throw problem('import.not-fetched', { url: shown, problem: 'the next page is no part of its API' });
  return new URL(pathname.slice(at + '/api/'.length) + search, api);
}
