/** What was sent for a webhook, and what came back (contract: webhooks.md section 5). */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export const STATES = ['queued', 'sending', 'succeeded', 'failed', 'dead'] as const;
export type DeliveryState = (typeof STATES)[number];

export interface Delivery {
  id: string;
  webhookId: string;
  eventName: string;
  recordId: string;
  state: DeliveryState;
  attempt: number;
  nextAttemptAt: string | null;
  responseStatus: number | null;
  durationMs: number | null;
  error: string | null;
  createdAt: string;
}

export interface DeliveryDetail extends Delivery {
  attempts: { at: string; status: number | null; durationMs: number | null; error: string | null }[];
  requestHeaders: Record<string, string> | null;
  requestBody: string | null;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
}

export interface TestResult {
  succeeded: boolean;
  status: number | null;
  error: string | null;
  durationMs: number;
  responseBody: string;
}

interface Connection {
  edges: { node: Delivery; cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const LIST = gql`query ($webhookId: UUID!, $state: String, $eventName: String, $first: Int, $after: ConnectionCursor) {
  webhookDeliveries(webhookId: $webhookId, state: $state, eventName: $eventName, first: $first, after: $after) {
    edges {
      cursor
      node {
        id webhookId eventName recordId state attempt nextAttemptAt responseStatus durationMs error createdAt
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const ONE = gql`query ($id: UUID!) {
  webhookDelivery(id: $id) {
    id webhookId eventName recordId state attempt nextAttemptAt responseStatus durationMs error createdAt
    attempts { at status durationMs error }
    requestHeaders requestBody responseHeaders responseBody
  }
}`;
const REPLAY = gql`mutation ($id: UUID!) { replayWebhookDelivery(id: $id) { id } }`;
const REPLAY_ALL = gql`mutation ($webhookId: UUID!, $state: String) {
  replayWebhookDeliveries(webhookId: $webhookId, state: $state)
}`;
const TEST = gql`mutation ($id: UUID, $targetUrl: String, $secret: String) {
  sendTestWebhook(id: $id, targetUrl: $targetUrl, secret: $secret) {
    succeeded status error durationMs responseBody
  }
}`;
const ROLL = gql`mutation ($id: UUID!, $hours: Int) { rollWebhookSecret(id: $id, keepOldForHours: $hours) { id } }`;

const SOON_MS = 2_000;
const LATER_MS = 10_000;

export interface DeliveryFilter {
  state: string | null;
  eventName: string | null;
}

async function page(webhookId: string, filter: DeliveryFilter, first: number, after: string | null): Promise<Connection> {
  const told = await metadata<{ webhookDeliveries: Connection }>(LIST, { webhookId, ...filter, first, after });
  return told.webhookDeliveries;
}

/** The deliveries of a webhook, newest first; asked for again and again, more often while any of them is under way. */
export function useDeliveries(webhookId: string, filter: DeliveryFilter) {
  return useInfiniteQuery({
    queryKey: ['webhooks', 'deliveries', webhookId, filter],
    queryFn: ({ pageParam }) => page(webhookId, filter, 30, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.pageInfo.hasNextPage ? last.pageInfo.endCursor : null),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.edges.some((edge) => isUnderWay(edge.node))) ? SOON_MS : LATER_MS,
  });
}

/** The newest delivery of a webhook, null when there was none yet. */
export function useLastDelivery(webhookId: string) {
  return useQuery({
    queryKey: ['webhooks', 'last-delivery', webhookId],
    queryFn: async () => (await page(webhookId, { state: null, eventName: null }, 1, null)).edges[0]?.node ?? null,
  });
}

export function useDelivery(id: string) {
  return useQuery({
    queryKey: ['webhooks', 'delivery', id],
    queryFn: async () => (await metadata<{ webhookDelivery: DeliveryDetail }>(ONE, { id })).webhookDelivery,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? SOON_MS : false),
  });
}

export function isUnderWay(delivery: Pick<Delivery, 'state'> | undefined): boolean {
  return delivery?.state === 'queued' || delivery?.state === 'sending';
}

export async function replay(id: string): Promise<void> {
  await metadata(REPLAY, { id });
}

/** Sends all of a webhook's deliveries in a state again and returns how many they are. */
export async function replayAll(webhookId: string, state: DeliveryState): Promise<number> {
  return (await metadata<{ replayWebhookDeliveries: number }>(REPLAY_ALL, { webhookId, state })).replayWebhookDeliveries;
}

/** Sends a test event: for a webhook that is there, or to an address that is not saved yet. */
export async function sendTest(to: { id: string } | { targetUrl: string; secret: string | null }): Promise<TestResult> {
  return (await metadata<{ sendTestWebhook: TestResult }>(TEST, to)).sendTestWebhook;
}

export async function rollSecret(id: string, keepOldForHours: number): Promise<void> {
  await metadata(ROLL, { id, hours: keepOldForHours });
}

export function useDeliveryChange<Input, Result>(change: (input: Input) => Promise<Result>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }) });
}
