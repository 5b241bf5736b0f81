/** Webhooks (contract: webhooks.md sections 1 and 2). */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface Webhook {
  id: string;
  targetUrl: string;
  operations: string[];
  description: string | null;
  secret: string;
  updatedFields: string[];
  isActive: boolean;
  inactiveReason: string | null;
  createdAt: string;
}

/** What a person fills in. */
export interface WebhookInput {
  targetUrl: string;
  operations: string[];
  description: string;
  secret?: string;
  updatedFields: string[];
  isActive?: boolean;
}

const WEBHOOKS = gql`{
  webhooks {
    id targetUrl operations description secret updatedFields isActive inactiveReason createdAt
  }
}`;
const WEBHOOK = gql`query ($id: UUID!) {
  webhook(id: $id) {
    id targetUrl operations description secret updatedFields isActive inactiveReason createdAt
  }
}`;
const CREATE = gql`mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { id } }`;
const UPDATE = gql`mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { id } }`;
const DELETE = gql`mutation ($id: UUID!) { deleteWebhook(id: $id) { id } }`;

export const RECORD_ACTIONS = ['*', 'created', 'updated', 'deleted', 'restored', 'destroyed'] as const;
export const METADATA_ACTIONS = ['*', 'created', 'updated', 'deleted'] as const;
export const METADATA_NAMES = ['*', 'objectMetadata', 'fieldMetadata', 'view', 'viewField', 'index', 'webhook'] as const;

export function useWebhooks() {
  return useQuery({
    queryKey: ['webhooks', 'list'],
    queryFn: async () => (await metadata<{ webhooks: Webhook[] }>(WEBHOOKS)).webhooks,
  });
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: ['webhooks', 'one', id],
    queryFn: async () => (await metadata<{ webhook: Webhook | null }>(WEBHOOK, { id })).webhook,
  });
}

export async function createWebhook(input: WebhookInput): Promise<string> {
  return (await metadata<{ createWebhook: { id: string } }>(CREATE, { input })).createWebhook.id;
}

export async function updateWebhook(id: string, update: Partial<WebhookInput>): Promise<void> {
  await metadata(UPDATE, { input: { id, update } });
}

export async function deleteWebhook(id: string): Promise<void> {
  await metadata(DELETE, { id });
}

/**
 * A change of webhooks after which they are asked for again.
 *
 * `done` belongs here and not to a call of `mutate`: asking again may take away the part of the page that has called,
 * and with it what it wanted to do next.
 */
export function useWebhookChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  done?: (result: Result) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: done,
    onSettled: () => queries.invalidateQueries({ queryKey: ['webhooks'] }),
  });
}

/** One row of the form: which thing, and what happens to it. */
export interface EventRow {
  /** An object's singular name, `*`, or `metadata.` with a name or `*`. */
  subject: string;
  action: string;
}

export function rowOf(operation: string): EventRow {
  const place = operation.lastIndexOf('.');
  return { subject: operation.slice(0, place), action: operation.slice(place + 1) };
}

export function operationOf(row: EventRow): string {
  return `${row.subject}.${row.action}`;
}
