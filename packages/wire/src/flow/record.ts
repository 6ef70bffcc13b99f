// Where things are in a packed flow record, for `table.ts` alone; and the bits of its state, which the engine reads too.

// Words of a record: two cache lines. "Low" and "high" are the two ends in the order of their addresses and ports, so
// that both directions find the same record; the low end comes first in every pair.
export const WORDS = 32;
// Large buffers start 16 bytes into a page (the allocator's header): this puts every record at the start of a cache line.
export const START = 12;
export const ADDRESSES = START; // four of the low end, four of the high
export const PORTS = START + 8; // low end's in the upper half
export const PROTOCOL = START + 9; // as in Packets.protocol
export const ENDPOINTS = START + 10;
export const SIGNATURES = START + 12; // of MAC, TTL and VLAN last sent with: a change is looked at, no change costs one comparison
export const PACKETS = START + 14;
export const BYTES = START + 16; // doubles
export const FIRST = START + 20; // double
export const LAST = START + 22; // double
export const SEQUENCES = START + 24; // TCP: next sequence number expected, from SYN
export const STATE = START + 26;
export const FOUND = START + 27; // number of the protocol found, 0 for none
export const OBJECT = START + 28; // number of what the engine keeps for the flow, 0 for nothing
export const LAST_FRAME = START + 29;
export const FIRST_FRAME = START + 30;
export const ANSWER_FRAME = START + 31;

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
