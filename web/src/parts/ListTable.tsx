import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** A column's heading; `end` stands above numbers, `hidden` is told to those who listen only. */
type Column = string | { end: string } | { hidden: string };

interface Props {
  /** What the table lists. */
  label: string;
  columns: Column[];
  /** Its rows. */
  children: ReactNode;
}

/** A table in a frame of its own, which scrolls sideways where the screen is narrow. */
export function ListTable({ label, columns, children }: Props) {
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={label}>
      <Table>
        <caption className="visually-hidden">{label}</caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Heading key={typeof column === 'string' ? column : Object.values(column)[0]} column={column} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  );
}

function Heading({ column }: { column: Column }) {
  if (typeof column === 'string') return <Table.Th scope="col">{column}</Table.Th>;
  if ('end' in column) return <Table.Th scope="col" ta="end">{column.end}</Table.Th>;
  return (
    <Table.Th scope="col">
      <span className="visually-hidden">{column.hidden}</span>
    </Table.Th>
  );
}
