// One table for long lists: only the rows in sight are in the page, the head stays, rows are walked and opened by keys.
import { useHotkeys } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';

export interface TableColumn<R> {
  readonly id: string;
  readonly title: string;
  /** Pixels. */
  readonly width: number;
  readonly cell: (row: R) => ReactNode;
  /** Numbers stand on the right, so that their digits line up. */
  readonly numeric?: boolean;
}
export interface VirtualTableProps<R> {
  readonly label: string;
  readonly columns: readonly TableColumn<R>[];
  readonly rows: readonly R[];
  /** How many there are in all; more than `rows` while the rest is not loaded. */
  readonly total: number;
  readonly rowKey: (row: R) => string;
  /** What is asked for: search, filters and order. When it changes, the rows start at the top again. */
  readonly asked?: string;
  readonly open?: (row: R) => void;
  /** Called when the last loaded rows come into sight. */
  readonly more?: (() => void) | undefined;
  readonly head?: (column: TableColumn<R>) => ReactNode;
  /** `ascending` or `descending` for the column the rows are ordered by. */
  readonly sorted?: (column: TableColumn<R>) => 'ascending' | 'descending' | undefined;
}

const ROW_HEIGHT = 30;
/** Rows from the end at which the next ones are asked for. */
const AHEAD = 60;

export function VirtualTable<R>({
  label,
  columns,
  rows,
  total,
  rowKey,
  asked,
  open,
  more,
  head,
  sorted,
}: VirtualTableProps<R>) {
  const scroller = useRef<HTMLElement>(null);
  const [current, setCurrent] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && rows.length < total && lastShown >= rows.length - AHEAD) more();
  }, [more, rows.length, total, lastShown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the question is the occasion, not an input
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setCurrent(0);
  }, [asked]);

  const goTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  // While nothing else is in focus, the keys lead into the rows.
  useHotkeys(
    ['ArrowDown', 'j', 'ArrowUp', 'k'].map((key) => [
      key,
      () => {
        if (document.activeElement === document.body) goTo(current);
      },
      { preventDefault: false },
    ]),
  );
  const page = () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 300) / ROW_HEIGHT) - 2);
  const onKey = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    // React hands over what is pressed in a filter too, which opens elsewhere in the page.
    const inRows = event.currentTarget.contains(target) && !target.closest('thead');
    if (event.ctrlKey || event.metaKey || event.altKey || !inRows) return;
    const steps: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      j: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      k: () => goTo(current - 1),
      PageDown: () => goTo(current + page()),
      PageUp: () => goTo(current - page()),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      Enter: () => {
        const row = rows[current];
        if (row !== undefined) open?.(row);
      },
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <section className="table-scroll" ref={scroller} onKeyDown={onKey} aria-label={label}>
      <table className="grid" style={{ minWidth: width }} aria-rowcount={total + 1}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                aria-sort={sorted?.(column)}
                className={column.numeric ? 'numeric' : undefined}
              >
                {head ? head(column) : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} aria-hidden />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={rowKey(row)}
                data-index={index}
                aria-rowindex={index + 2}
                tabIndex={index === current ? 0 : -1}
                className={open ? 'opens' : undefined}
                onFocus={() => setCurrent(index)}
                onClick={(event) => {
                  if (!(event.target as HTMLElement).closest('a,button,input')) open?.(row);
                }}
              >
                {columns.map((column) => (
                  <td key={column.id} className={column.numeric ? 'numeric' : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <tr style={{ height: after }} aria-hidden />}
        </tbody>
      </table>
    </section>
  );
}
