// One record of a Zeek log, whether it came as tab-separated text or as JSON: fields by name, unset ones absent.
import type { FactKind, FactValue, Subject } from '@interlock/model';
import type { Telling } from '../../telling.ts';
import { ipValue, macValue, textValue, timeValue, wholeValue } from '../../values.ts';

/** Addresses that belong to nobody: unspecified, broadcast, multicast. */
const NOBODY = /^(0\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|::$|ff)/;

export class ZeekRecord {
  readonly #telling: Telling;
  readonly #fields: ReadonlyMap<string, string>;
  readonly #line: number;
  readonly log: string;
  readonly at: number | undefined;
  understood = false;

  constructor(telling: Telling, log: string, fields: ReadonlyMap<string, string>, line: number) {
    this.#telling = telling;
    this.#fields = fields;
    this.#line = line;
    this.log = log;
    this.at = timeValue(fields.get('ts'));
  }

  get(field: string): string | undefined {
    return this.#fields.get(field);
  }
  /** The first of several fields that is set: they were renamed between versions. */
  first(...fields: readonly string[]): string | undefined {
    for (const field of fields) {
      const value = this.#fields.get(field);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  whole(field: string, most: number): number | undefined {
    return wholeValue(this.#fields.get(field), 0, most);
  }
  ip(field: string): string | undefined {
    const value = this.#fields.get(field);
    if (value === undefined) return undefined;
    const ip = ipValue(value)?.ip;
    if (ip === undefined)
      this.#telling.problem('value.address', `line ${this.#line}, ${field}`, `"${value.slice(0, 60)}" is no address`);
    return ip !== undefined && NOBODY.test(ip) ? undefined : ip;
  }
  mac(field: string): string | undefined {
    const value = this.#fields.get(field);
    return value === undefined ? undefined : macValue(value);
  }

  /** Says a fact that stands in a field of this record. */
  say<K extends FactKind>(subject: Subject | undefined, kind: K, value: FactValue<K> | undefined, field: string): void {
    if (subject === undefined || value === undefined) return;
    this.understood = true;
    this.#telling.say(subject, kind, value, `line ${this.#line}`, `${this.log}.log, ${field}`, this.at);
  }
  /** Says a text as it stands in a field, where it says anything. */
  text(subject: Subject | undefined, kind: TextKind, field: string): void {
    const value = textValue(this.#fields.get(field));
    if (value !== undefined) this.say(subject, kind, value as never, field);
  }
  /** A host that this record shows to be there. */
  host(ip: string | undefined, field: string): Subject | undefined {
    if (ip === undefined) return undefined;
    const subject = { ip };
    this.say(subject, 'address.listed-ip', ip, field);
    return subject;
  }
  /** Both ends of the connection a record is about; the server only where something shows that it answered. */
  ends(answered = true): { orig: Subject | undefined; resp: Subject | undefined; port: number | undefined } {
    const orig = this.host(this.ip('id.orig_h'), 'id.orig_h');
    const ip = this.ip('id.resp_h');
    const resp = answered ? this.host(ip, 'id.resp_h') : ip === undefined ? undefined : { ip };
    return { orig, resp, port: this.whole('id.resp_p', 65_535) };
  }
}
/** Kinds of fact whose value is a text. */
export type TextKind = { [K in FactKind]: FactValue<K> extends string ? K : never }[FactKind];
