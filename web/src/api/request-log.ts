/** The last API requests of the workspace (contract: web-app.md part 3, "Request log"). */
import { useInfiniteQuery } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface LoggedRequest {
  id: string;
  at: string;
  method: string;
  path: string;
  query: string | null;
  operation: string | null;
  status: number;
  code: string | null;
  durationMs: number;
  apiKeyId: string | null;
  userId: string | null;
  callerName: string | null;
  clientAddress: string | null;
  requestId: string;
  error: string | null;
}

export interface RequestsWish {
  apiKeyId: string | null;
  status: string | null;
  path: string | null;
}

interface Page {
  size: number;
  entries: LoggedRequest[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const LOG = gql`query ($after: ConnectionCursor, $apiKeyId: UUID, $status: String, $path: String) {
  requestLog(first: 50, after: $after, apiKeyId: $apiKeyId, status: $status, path: $path) {
    size
    entries {
      id at method path query operation status code durationMs apiKeyId userId callerName clientAddress requestId error
    }
    pageInfo { hasNextPage endCursor }
  }
}`;

export function useRequestLog(wish: RequestsWish) {
  return useInfiniteQuery({
    queryKey: ['request-log', wish],
    queryFn: async ({ pageParam }) =>
      (await metadata<{ requestLog: Page }>(LOG, { ...wish, after: pageParam })).requestLog,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    staleTime: 0,
  });
}

/** Whether a request was refused: over GraphQL that shows in the code, not in the status. */
export function isRefused(request: LoggedRequest): boolean {
  return request.status >= 400 || request.code !== null;
}
