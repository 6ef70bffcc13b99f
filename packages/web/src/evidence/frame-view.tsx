// One frame: its layers and fields on the left, its bytes on the right; the bytes a fact rests on are marked, and what
// the pointer or the keyboard is on lights up on both sides. Bytes that are not shown, as passwords, are dots.

import type { FrameExplained } from '@interlock/model/api';
import { Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { formatTime } from '../ui/format.ts';

const PER_LINE = 16;
interface Span {
  readonly from: number;
  readonly to: number;
}
const covers = (span: Span | undefined, byte: number): boolean =>
  span !== undefined && byte >= span.from && byte < span.to;
const sameSpan = (a: Span | undefined, b: Span): boolean => a?.from === b.from && a.to === b.to;

export function FrameView({ frame }: { frame: FrameExplained }) {
  const [pointed, setPointed] = useState<Span | undefined>(undefined);
  const bytes = useMemo(() => frame.hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [], [frame.hex]);
  return (
    <section aria-label={`Frame ${frame.number}`}>
      <Text size="sm" c="dimmed">
        frame {frame.number} · {frame.link} · {frame.length} bytes
        {frame.captured < frame.length ? `, ${frame.captured} captured` : ''} · {formatTime(frame.time)}
      </Text>
      {frame.highlights.length > 0 && (
        <Text size="sm">
          {frame.highlights.map((mark) => (
            <span key={`${mark.from}-${mark.to}`} className="legend">
              <mark>{mark.text}</mark> bytes {mark.from} to {mark.to - 1}
            </span>
          ))}
        </Text>
      )}
      {frame.masked.length > 0 && (
        <Text size="sm">
          {[...new Set(frame.masked.map(({ what }) => what))].map((what) => (
            <span key={what} className="legend">
              <span className="byte-masked">··</span> hidden: {what}
            </span>
          ))}
        </Text>
      )}
      <div className="frame">
        <div className="layers">
          {frame.layers.map((layer) => (
            <details key={`${layer.title}-${layer.from}`} open={layer.fields.length > 0}>
              <summary>{layer.title}</summary>
              <dl>
                {layer.fields.map((field) => {
                  const marked = frame.highlights.some((mark) => field.from < mark.to && field.to > mark.from);
                  return (
                    // biome-ignore lint/a11y/noStaticElementInteractions: pointing shows where the bytes are; the list reads the same without
                    <div
                      key={`${field.name}-${field.from}-${field.to}`}
                      className={`field${marked ? ' marked' : ''}${sameSpan(pointed, field) ? ' pointed' : ''}`}
                      onMouseEnter={() => setPointed(field)}
                      onMouseLeave={() => setPointed(undefined)}
                    >
                      <dt>{field.name}</dt>
                      <dd>{field.value}</dd>
                    </div>
                  );
                })}
              </dl>
            </details>
          ))}
        </div>
        <Hex bytes={bytes} marks={frame.highlights} masked={frame.masked} pointed={pointed} />
      </div>
      {bytes.length < frame.captured && (
        <Text size="xs" c="dimmed">
          The first {bytes.length} bytes are shown.
        </Text>
      )}
    </section>
  );
}

const positions = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const printable = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

function Hex({
  bytes,
  marks,
  masked,
  pointed,
}: {
  bytes: readonly number[];
  marks: readonly Span[];
  masked: readonly Span[];
  pointed: Span | undefined;
}) {
  const lines = Array.from({ length: Math.ceil(bytes.length / PER_LINE) }, (_, i) => i * PER_LINE);
  const isHidden = (at: number): boolean => masked.some((range) => covers(range, at));
  const pairOf = (at: number): string => (isHidden(at) ? '··' : (bytes[at] ?? 0).toString(16).padStart(2, '0'));
  const classOf = (at: number): string | undefined => {
    const marked = marks.some((mark) => covers(mark, at));
    const on = covers(pointed, at);
    const hidden = isHidden(at);
    if (!marked && !on && !hidden) return undefined;
    return `${marked ? 'byte-marked' : ''} ${on ? 'byte-on' : ''} ${hidden ? 'byte-masked' : ''}`;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
    <pre className="hex" tabIndex={0}>
      {lines.map((start) => (
        <div key={start}>
          <span className="dim">{start.toString(16).padStart(4, '0')} </span>
          {positions(start, start + PER_LINE).map((at) => (
            <span key={at} className={at < bytes.length ? classOf(at) : undefined}>
              {at < bytes.length ? ` ${pairOf(at)}` : '   '}
            </span>
          ))}
          {'  '}
          {positions(start, Math.min(start + PER_LINE, bytes.length)).map((at) => (
            <span key={at} className={classOf(at)}>
              {isHidden(at) ? '·' : printable(bytes[at] ?? 0)}
            </span>
          ))}
        </div>
      ))}
    </pre>
  );
}
