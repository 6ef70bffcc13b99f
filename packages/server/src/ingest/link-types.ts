// Names of link types for people, by their numbers in the tcpdump.org LINKTYPE registry.
const LINK_TYPES: Readonly<Record<number, string>> = {
  0: 'BSD loopback',
  1: 'Ethernet',
  9: 'PPP',
  12: 'raw IP',
  14: 'raw IP',
  50: 'PPP in HDLC framing',
  51: 'PPP over Ethernet',
  101: 'raw IP',
  104: 'Cisco HDLC',
  105: 'IEEE 802.11',
  108: 'OpenBSD loopback',
  113: 'Linux cooked capture',
  127: 'IEEE 802.11 with radiotap',
  147: 'user-defined 0',
  192: 'per-packet information',
  195: 'IEEE 802.15.4',
  220: 'USB',
  227: 'SocketCAN',
  228: 'raw IPv4',
  229: 'raw IPv6',
  230: 'IEEE 802.15.4 without FCS',
  276: 'Linux cooked capture v2',
};

/** In: a number of the registry. Out: its name, or the number where it has none here. */
export const linkTypeName = (linkType: number): string => LINK_TYPES[linkType] ?? `link type ${linkType}`;
