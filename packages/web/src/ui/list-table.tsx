// A table of some dozen or hundred rows, described by its columns.
import type { ReactNode } from 'react';

export interface ListColumn<R> {
  readonly title: string;
  readonly cell: (row: R) => ReactNode;
  /** Numbers stand on the right, so that their digits line up. */
  readonly numeric?: true;
  readonly mono?: true;
  /** The title is for screen readers only: the cells say what they are. */
  readonly silent?: true;
}

export function ListTable<R>({
  columns,
  rows,
  rowKey,
  label,
}: {
  columns: readonly ListColumn<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  label: string;
}) {
  const classOf = (column: ListColumn<R>) =>
    [column.numeric && 'numeric', column.mono && 'mono'].filter(Boolean).join(' ') || undefined;
  return (
    <table className="list" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.title} scope="col" className={column.numeric && 'numeric'}>
              {column.silent ? <span className="hidden">{column.title}</span> : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
            {columns.map((column) => (
              <td key={column.title} className={classOf(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
