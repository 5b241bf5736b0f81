/** Webhooks (contract: webhooks.md). */
import { useQuery } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface Webhook {
  id: string;
  targetUrl: string;
  operations: string[];
  description: string | null;
  secret: string;
  createdAt: string;
}

const WEBHOOKS = gql`{ webhooks { id targetUrl operations description secret createdAt } }`;

export function useWebhooks() {
  return useQuery({
    queryKey: ['webhooks', 'list'],
    queryFn: async () => (await metadata<{ webhooks: Webhook[] }>(WEBHOOKS)).webhooks,
  });
}
