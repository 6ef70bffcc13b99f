// What a host of the lab is: a name, a cable, an address, and the programs that run in it.

export type SegmentName = 'plant' | 'office' | 'internet';

export interface Program {
  /** Command line, run in the host's own folder. `%node` is the Node that runs the lab, `%programs` the folder of its programs. */
  readonly command: readonly string[];
  /** Seconds after the start of the recording at which it starts; daemons start at 0. */
  readonly at: number;
  /** Ends by itself; daemons are ended with the lab. */
  readonly once?: true;
}

export interface Host {
  readonly name: string;
  readonly title: string;
  readonly mac: string;
  readonly segment: SegmentName;
  /** Address with prefix length, or 'dhcp' for a client of the lab's DHCP server. */
  readonly address: string;
  /** Options of the DHCP client (udhcpc): vendor class, MUD URL. */
  readonly dhcpOptions?: readonly string[];
  /** Further cables, for the router: eth1, eth2. */
  readonly further?: readonly { readonly segment: SegmentName; readonly mac: string; readonly address: string }[];
  /** Files written into the host's folder before it starts: name to content. */
  readonly files?: Readonly<Record<string, string>>;
  /** Commands run once inside the namespace when its cable is in (routes, forwarding). */
  readonly setUp?: readonly (readonly string[])[];
  readonly programs: readonly Program[];
  /** Debian packages its programs come from; the recorder names those that are missing. */
  readonly needs: readonly string[];
}
