/** Calls from the playground and from "Run it here": by a token of two hours that acts as the person, kept in memory. */
import { useQuery } from '@tanstack/react-query';
import { addressOf } from './base';
import { restError } from './errors';
import { gql, metadata } from './metadata';
import { reach } from './session';

interface Issued {
  token: string;
  expiresAt: string;
}

const GENERATE = gql`mutation { generatePlaygroundToken { token expiresAt } }`;
const EARLY_MS = 5 * 60_000;

let held: Issued | null = null;

/** Returns a token that is good for five minutes at least. */
export async function playgroundToken(): Promise<string> {
  if (held === null || Date.parse(held.expiresAt) - Date.now() < EARLY_MS) {
    held = (await metadata<{ generatePlaygroundToken: Issued }>(GENERATE)).generatePlaygroundToken;
  }
  return held.token;
}

/** Nothing of the playground stays after it is closed. */
export function dropPlaygroundToken(): void {
  held = null;
}

/** The OpenAPI document of an API, as a token's role sees it. */
export function useOpenApiDocument(schema: 'core' | 'metadata', key: string | null, enabled: boolean) {
  return useQuery({
    queryKey: ['openapi', schema, key],
    queryFn: async () => {
      const token = key ?? (await playgroundToken());
      const response = await reach(addressOf(`/rest/open-api/${schema}`), {
        headers: { authorization: `Bearer ${token}` },
      });
      if (!response.ok) throw await restError(response);
      return { token, document: (await response.json()) as Record<string, unknown> };
    },
    enabled,
    staleTime: 60_000,
    gcTime: 0,
  });
}
