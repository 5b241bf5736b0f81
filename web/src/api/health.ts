/** How the server is, as `/readyz` tells anybody. */
import { useQuery } from '@tanstack/react-query';
import { addressOf } from './base';
import { reach } from './session';

interface Ready {
  details: { webhooks?: { status: 'up' | 'down' } };
}

/** Whether some process delivers webhooks; true as long as nothing else is known. */
export function useWorkerAlive(): boolean {
  const { data } = useQuery({
    queryKey: ['health'],
    queryFn: async () => (await (await reach(addressOf('/readyz'), {})).json()) as Ready,
    refetchInterval: 30_000,
  });
  return data?.details.webhooks?.status !== 'down';
}
