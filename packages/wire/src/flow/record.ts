// Where things are in a packed flow record, for `table.ts` alone; and the bits of its state, which the engine reads too.

// Words of a record: a cache line and a half. "Low" and "high" are the two ends in the order of their addresses and ports,
// so that both directions find the same record; the low end comes first in every pair.
export const WORDS = 24;
// Large buffers start 16 bytes into a page (the allocator's header): this puts a record on two cache lines, never on three.
export const START = 12;
// The last words of both addresses; what is before them, of IPv6 and MAC addresses, is in the endpoints.
export const ADDRESSES = START;
export const PORTS = START + 2; // low end's in the upper half
export const PROTOCOL = START + 3; // as in Packets.protocol
export const ENDPOINTS = START + 4;
export const PACKETS = START + 6;
export const BYTES = START + 8; // doubles
export const FIRST = START + 12; // double
export const LAST = START + 14; // double
export const SEQUENCES = START + 16; // TCP: next sequence number expected, from SYN
export const SIGNATURES = START + 18; // 16 bits each, of MAC, TTL and VLAN last sent with: a change is looked at
export const STATE = START + 19;
export const KEPT = START + 20; // number of what the engine keeps for the flow, and above it (FOUND_SHIFT) of the protocol
export const LAST_FRAME = START + 21;
export const FIRST_FRAME = START + 22;
export const ANSWER_FRAME = START + 23;

/** Of KEPT: 24 bits for what is kept, 8 for the protocol. 0 is none of either. */
export const FOUND_SHIFT = 24;
export const OBJECT_MASK = 0xffffff;

// Bits of STATE; of pairs the low end's comes first.
/** Payload sent by that end is not wanted (any more). */
export const CLOSED_LOW = 1;
export const CLOSED_BOTH = 3;
export const CLIENT_IS_HIGH = 4;
/** One of the ends is a broadcast or multicast address. */
export const TO_GROUP = 8;
/** TCP: SYN of that end was seen, SEQUENCES holds what follows it. */
export const SYN_LOW = 16;
export const PAYLOAD_LOW = 64;
/** TCP: that end accepted the connection. */
export const ACCEPTED_LOW = 256;
/** Bits 16 to 19: failed attempts to find out what it is. */
export const ATTEMPT = 0x10000;
export const ATTEMPTS_MASK = 0xf0000;
/** TCP: a SYN of another connection between the same ports was seen. */
export const REOPENED = 0x100000;
// Live: what was told of the flow while it goes on, under the protocol that it has now.
export const TOLD = 0x200000;
export const TOLD_SERVICE = 0x400000;
export const TOLD_UNKNOWN = 0x800000;
