// The kit that golden captures and tests are written with: bytes field by field, frames with correct lengths and
// checksums, conversations, and capture files. For tests only; nothing that is shipped imports it.
export * from './bytes.ts';
export * from './capture.ts';
export * from './conversations.ts';
export * from './frames.ts';
export * from './pcapng-writer.ts';
