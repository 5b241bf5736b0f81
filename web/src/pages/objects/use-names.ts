import { useQueries } from '@tanstack/react-query';
import type { ModelField } from '../../api/model';
import { PAGE_SIZE, type RecordData, recordsById } from '../../api/records';
import { guessName, isLink } from '../../fields/kinds';
import type { Column } from './columns';

export interface Linked {
  namePlural: string;
  id: string;
  name: string | null;
}

export interface Names {
  /** The record that a field points to; null where it points to none or is no link. */
  linkOf: (field: ModelField, record: RecordData) => Linked | null;
}

/** What the records are called that the rows in sight point to: one request for each link's column and page of rows. */
export function useNames(columns: Column[], records: RecordData[], first: number, last: number): Names {
  const links = columns.map((column) => column.field).filter(isLink);
  const pages = [...new Set([Math.floor(first / PAGE_SIZE), Math.floor(Math.max(last, 0) / PAGE_SIZE)])];
  const wishes = links.flatMap((field) =>
    pages.map((page) => {
      const rows = records.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
      const ids = [...new Set(rows.map((row) => row[`${field.name}Id`]).filter((id) => typeof id === 'string'))];
      return { namePlural: field.relation!.targetObjectMetadata.namePlural, ids };
    }),
  );
  const found = useQueries({ queries: wishes.map((wish) => recordsById(wish.namePlural, wish.ids)) });
  const known = new Map<string, RecordData>();
  for (const each of found) for (const [id, record] of each.data ?? []) known.set(id, record);

  return {
    linkOf: (field, record) => {
      const id = isLink(field) ? record[`${field.name}Id`] : null;
      if (typeof id !== 'string') return null;
      const linked = known.get(id);
      return {
        namePlural: field.relation!.targetObjectMetadata.namePlural,
        id,
        name: linked ? guessName(linked) : null,
      };
    },
  };
}
