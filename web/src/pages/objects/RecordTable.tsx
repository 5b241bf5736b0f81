import { Anchor } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FullObject } from '../../api/model';
import { PAGE_SIZE, type RecordData } from '../../api/records';
import { nameOf, sortPath } from '../../fields/kinds';
import { RecordLink, Value } from '../../fields/Value';
import type { Column } from './columns';
import type { Order } from './use-list-wish';
import { type Names, useNames } from './use-names';

const ROW_HEIGHT = 41;
const OVERSCAN = 12;
/** The next page is asked for before its first row comes into sight. */
const AHEAD = 30;

interface Props {
  object: FullObject;
  columns: Column[];
  records: RecordData[];
  total: number;
  order: Order | null;
  onOrder: (order: Order | null) => void;
  hasMore: boolean;
  onMore: () => void;
  /** Tells the page of records that is on screen. */
  onPage: (page: number) => void;
}

/** Records in a table of which only the rows in sight exist, so that a hundred thousand are as quick as ten. */
export function RecordTable({ object, columns, records, total, order, onOrder, hasMore, onMore, onPage }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? -1;
  const page = Math.floor((rows.range?.startIndex ?? 0) / PAGE_SIZE);
  const names = useNames(columns, records, first, last);

  useEffect(() => onPage(page), [onPage, page]);
  useEffect(() => frame.current?.scrollTo(0, 0), [order?.field, order?.descending]);
  useEffect(() => {
    if (hasMore && last >= records.length - AHEAD) onMore();
  }, [hasMore, last, onMore, records.length]);

  const before = shown[0]?.start ?? 0;
  const after = rows.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    // A region that scrolls has to be reachable by keyboard.
    <div className="table-frame record-frame" ref={frame} tabIndex={0} role="region" aria-label={object.labelPlural}>
      <table className="record-table" style={{ minWidth: width }} aria-rowcount={total + 1}>
        <caption className="visually-hidden">{object.labelPlural}</caption>
        <colgroup>
          {columns.map((column) => (
            <col key={column.field.id} style={{ width: column.width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.field.id} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={before} columns={columns.length} />
          {shown.map((row) => (
            <Row
              key={records[row.index]!.id}
              number={row.index + 2}
              object={object}
              columns={columns}
              record={records[row.index]!}
              names={names}
            />
          ))}
          <Gap height={after} columns={columns.length} />
        </tbody>
      </table>
      {hasMore && last >= records.length - 1 && (
        <p className="record-more" role="status">
          {t('common.loading')}
        </p>
      )}
    </div>
  );
}

/** The place of rows that are out of sight. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className="record-gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

interface HeadProps {
  column: Column;
  order: Order | null;
  onOrder: (order: Order | null) => void;
}

function Head({ column, order, onOrder }: HeadProps) {
  const { field } = column;
  const isSorted = order?.field === field.name;
  if (sortPath(field) === null) {
    return (
      <th scope="col">
        <span className="record-head">{field.label}</span>
      </th>
    );
  }
  // Up, down, and back to the order of the records themselves.
  const next = !isSorted ? { field: field.name, descending: false } : order.descending ? null : { field: field.name, descending: true };
  return (
    <th scope="col" aria-sort={!isSorted ? undefined : order.descending ? 'descending' : 'ascending'}>
      <button type="button" className="record-head" onClick={() => onOrder(next)}>
        <span>{field.label}</span>
        {isSorted && (order.descending ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
      </button>
    </th>
  );
}

interface RowProps {
  number: number;
  object: FullObject;
  columns: Column[];
  record: RecordData;
  names: Names;
}

function Row({ number, object, columns, record, names }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr aria-rowindex={number}>
      {columns.map(({ field }, place) => {
        const linked = names.linkOf(field, record);
        if (place === 0) {
          return (
            <th scope="row" key={field.id}>
              <Anchor component={Link} to={`/objects/${object.namePlural}/${record.id}`} fw={550} inherit>
                {nameOf(record[field.name]) ?? linked?.name ?? t('records.untitled')}
              </Anchor>
            </th>
          );
        }
        return (
          <td key={field.id}>
            {linked ? <RecordLink {...linked} /> : <Value field={field} value={record[field.name]} />}
          </td>
        );
      })}
    </tr>
  );
}
