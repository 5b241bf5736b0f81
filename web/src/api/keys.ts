/** API keys (contract: auth.md section 2). */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { gql, metadata } from './metadata';

export interface ApiKey {
  id: string;
  name: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedAt: string | null;
  lastUsedIp: string | null;
  createdAt: string;
  role: { id: string; label: string };
}

export interface MadeKey {
  key: ApiKey;
  token: string;
}

const KEYS = gql`query ($withRevoked: Boolean!) {
  apiKeys(withRevoked: $withRevoked) {
    id name expiresAt revokedAt lastUsedAt lastUsedIp createdAt role { id label }
  }
}`;
const KEY = gql`query ($id: UUID!) {
  apiKey(input: {id: $id}) { id name expiresAt revokedAt lastUsedAt lastUsedIp createdAt role { id label } }
}`;
const CREATE = gql`mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { id name expiresAt revokedAt lastUsedAt lastUsedIp createdAt role { id label } }
}`;
const TOKEN = gql`mutation ($id: UUID!, $expiresAt: String!) {
  generateApiKeyToken(apiKeyId: $id, expiresAt: $expiresAt) { token }
}`;
const UPDATE = gql`mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { id } }`;
const REVOKE = gql`mutation ($id: UUID!) { revokeApiKey(input: {id: $id}) { id } }`;
const ASSIGN = gql`mutation ($id: UUID!, $roleId: UUID!) { assignRoleToApiKey(apiKeyId: $id, roleId: $roleId) }`;

const DAY_MS = 24 * 60 * 60 * 1000;
const NEVER_DAYS = 100 * 365;
const FAR_MS = 10 * 365 * DAY_MS;
const SOON_MS = 14 * DAY_MS;

export type Standing = 'good' | 'soon' | 'expired' | 'revoked';

/** Whether a key expires so late that "never" is the better word. */
export function isForEver(expiresAt: string, from = Date.now()): boolean {
  return Date.parse(expiresAt) - from > FAR_MS;
}

export function standingOf(key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now = Date.now()): Standing {
  if (key.revokedAt) return 'revoked';
  const left = Date.parse(key.expiresAt) - now;
  if (left <= 0) return 'expired';
  return left <= SOON_MS ? 'soon' : 'good';
}

/** Returns the moment some days from now; null stands for "never". */
export function expiryIn(days: number | null, now = Date.now()): string {
  return new Date(now + (days ?? NEVER_DAYS) * DAY_MS).toISOString();
}

/** The keys, oldest first; revoked ones too when they are asked for. */
export function useKeys(withRevoked: boolean) {
  return useQuery({
    queryKey: ['keys', 'list', withRevoked],
    queryFn: async () => (await metadata<{ apiKeys: ApiKey[] }>(KEYS, { withRevoked })).apiKeys,
    placeholderData: keepPreviousData,
  });
}

export function useKey(id: string) {
  return useQuery({
    queryKey: ['keys', 'one', id],
    queryFn: async () => (await metadata<{ apiKey: ApiKey | null }>(KEY, { id })).apiKey,
  });
}

/** Makes a key and, with it, its token: the only time that it is told. */
export async function createKey(input: { name: string; expiresAt: string; roleId: string }): Promise<MadeKey> {
  const key = (await metadata<{ createApiKey: ApiKey }>(CREATE, { input })).createApiKey;
  const made = await metadata<{ generateApiKeyToken: { token: string } }>(TOKEN, {
    id: key.id,
    expiresAt: input.expiresAt,
  });
  return { key, token: made.generateApiKeyToken.token };
}

/** Makes a key like another one and stops that one: now, or when some hours have passed. */
export async function regenerateKey(old: ApiKey, keepForHours: number | null): Promise<MadeKey> {
  const life = Date.parse(old.expiresAt) - Date.parse(old.createdAt);
  const expiresAt = new Date(Date.now() + Math.max(life, DAY_MS)).toISOString();
  const made = await createKey({ name: old.name, expiresAt, roleId: old.role.id });
  if (keepForHours === null) {
    await revokeKey(old.id);
  } else {
    const until = Date.now() + keepForHours * 60 * 60 * 1000;
    if (Date.parse(old.expiresAt) > until) await updateKey({ id: old.id, expiresAt: new Date(until).toISOString() });
  }
  return made;
}

export async function updateKey(input: { id: string; name?: string; expiresAt?: string }): Promise<void> {
  await metadata(UPDATE, { input });
}

export async function revokeKey(id: string): Promise<void> {
  await metadata(REVOKE, { id });
}

export async function assignRole(id: string, roleId: string): Promise<void> {
  await metadata(ASSIGN, { id, roleId });
}

/**
 * A change of keys after which every list of them is asked for again.
 *
 * `done` belongs here and not to a call of `mutate`: asking again may take away the part of the page that has called,
 * and with it what it wanted to do next.
 */
export function useKeyChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  done?: (result: Result) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: done,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['keys'] }),
        queries.invalidateQueries({ queryKey: ['roles'] }),
      ]),
  });
}
