/** Records over the Core REST API (contract: rest-core.md). */
import { keepPreviousData, queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError } from './errors';
import type { ModelObject } from './model';
import { rest } from './rest';

export type RecordData = { id: string; deletedAt?: string | null } & Record<string, unknown>;

interface PageInfo {
  endCursor: string | null;
  hasNextPage: boolean;
}

export interface RecordPage {
  records: RecordData[];
  totalCount: number;
  pageInfo: PageInfo;
}

export interface ListWish {
  filter: string | null;
  orderBy: string | null;
}

export interface HistoryEntry {
  sequence: number;
  eventName: string;
  action: string;
  eventDate: string;
  record: Record<string, unknown> | null;
  updatedFields?: string[] | null;
  previousRecord?: Record<string, unknown> | null;
  actor: { source: string | null; name: string | null } | null;
}

export interface HistoryPage {
  entries: HistoryEntry[];
  pageInfo: PageInfo;
}

export const PAGE_SIZE = 60;

/** Writes a query string that stays readable: brackets, colons and commas as they are. */
export function queryString(parameters: Record<string, string | null>): string {
  const parts = Object.entries(parameters).flatMap(([name, value]) => (value === null ? [] : [`${name}=${tidy(value)}`]));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function tidy(value: string): string {
  const encoded = encodeURIComponent(value).replace(/%(5B|5D|3A|2C|2F)/g, (sign) => decodeURIComponent(sign));
  // The browser would do this itself, and then send another text than the page shows.
  return encoded.replace(/'/g, '%27');
}

/** The route of a page of the list: what is asked, and what the page shows as its call. */
export function listRoute(namePlural: string, wish: ListWish, cursor: string | null): string {
  return `/rest/${namePlural}${queryString({
    filter: wish.filter,
    order_by: wish.orderBy,
    limit: String(PAGE_SIZE),
    starting_after: cursor,
  })}`;
}

export function recordRoute(namePlural: string, id: string): string {
  return `/rest/${namePlural}/${id}?depth=1`;
}

async function readPage(namePlural: string, route: string, signal?: AbortSignal): Promise<RecordPage> {
  const told = await rest<{ data: Record<string, RecordData[]>; totalCount: number; pageInfo: PageInfo }>(
    'GET',
    route,
    undefined,
    signal,
  );
  return { records: told.data[namePlural] ?? [], totalCount: told.totalCount, pageInfo: told.pageInfo };
}

/** The records page by page; each page begins where the one before it has ended. */
export function useRecords(namePlural: string, wish: ListWish, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['records', namePlural, 'list', wish],
    queryFn: ({ pageParam, signal }) => readPage(namePlural, listRoute(namePlural, wish, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    enabled,
    // While another order or filter is on its way, the table stays and keeps the focus.
    placeholderData: keepPreviousData,
  });
}

/** A record with its relations; a deleted one is found too, null when there is none at all. */
export function useRecord(object: ModelObject | undefined, id: string) {
  return useQuery({
    queryKey: ['records', object?.namePlural, 'one', id],
    queryFn: async () => {
      const { namePlural, nameSingular } = object!;
      try {
        return (await rest<{ data: Record<string, RecordData> }>('GET', recordRoute(namePlural, id))).data[nameSingular]!;
      } catch (problem) {
        if (!(problem instanceof ApiError) || !(problem.isNotFound || problem.status === 400)) throw problem;
        if (problem.status === 400) return null;
      }
      const filter = `id[eq]:${id},deletedAt[is]:NOT_NULL`;
      const page = await readPage(namePlural, `/rest/${namePlural}${queryString({ filter, depth: '1' })}`);
      return page.records[0] ?? null;
    },
    enabled: object !== undefined,
  });
}

/** Asks for the records of some ids, for what names them; ids of records that are gone are missing. */
export function recordsById(namePlural: string, ids: string[]) {
  return queryOptions({
    queryKey: ['records', namePlural, 'by-id', ids],
    queryFn: async () => {
      const filter = `id[in]:[${ids.join(',')}]`;
      const page = await readPage(namePlural, `/rest/${namePlural}${queryString({ filter, limit: '200' })}`);
      return new Map(page.records.map((record) => [record.id, record]));
    },
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
}

/** A few records whose name holds a text, for choosing one. */
export function useRecordSearch(namePlural: string, filter: string | null, enabled: boolean) {
  return useQuery({
    queryKey: ['records', namePlural, 'search', filter],
    queryFn: ({ signal }) => readPage(namePlural, `/rest/${namePlural}${queryString({ filter, limit: '20' })}`, signal),
    enabled,
  });
}

/** What has happened to a record, newest first. */
export function useHistory(namePlural: string, id: string) {
  return useInfiniteQuery({
    queryKey: ['records', namePlural, 'history', id],
    queryFn: async ({ pageParam }): Promise<HistoryPage> => {
      const route = `/rest/${namePlural}/${id}/history${queryString({ limit: '20', starting_after: pageParam })}`;
      const told = await rest<{ data: { history: HistoryEntry[] }; pageInfo: PageInfo }>('GET', route);
      return { entries: told.data.history, pageInfo: told.pageInfo };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
}

export type RecordChange =
  | { kind: 'create'; values: Record<string, unknown> }
  | { kind: 'update'; id: string; values: Record<string, unknown> }
  | { kind: 'delete'; id: string }
  | { kind: 'restore'; id: string }
  | { kind: 'destroy'; id: string };

/** Changes a record and tells its id; everything that shows records of the object is asked for again. */
export function useRecordChange(namePlural: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (change: RecordChange): Promise<string> => {
      const answer = await send(namePlural, change);
      return Object.values(answer.data)[0]!.id;
    },
    onSuccess: (_, change) => {
      if (change.kind !== 'destroy' && change.kind !== 'delete') return queries.invalidateQueries({ queryKey: ['records'] });
      // Who comes back to its page asks anew; the page that is just being left does not.
      queries.removeQueries({ queryKey: ['records', namePlural, 'one', change.id] });
      return queries.invalidateQueries({ queryKey: ['records', namePlural, 'list'] });
    },
  });
}

function send(namePlural: string, change: RecordChange): Promise<{ data: Record<string, { id: string }> }> {
  switch (change.kind) {
    case 'create':
      return rest('POST', `/rest/${namePlural}`, change.values);
    case 'update':
      return rest('PATCH', `/rest/${namePlural}/${change.id}`, change.values);
    case 'delete':
      return rest('DELETE', `/rest/${namePlural}/${change.id}?soft_delete=true`);
    case 'restore':
      return rest('PATCH', `/rest/restore/${namePlural}/${change.id}`);
    case 'destroy':
      return rest('DELETE', `/rest/${namePlural}/${change.id}`);
  }
}
