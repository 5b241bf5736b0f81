import { restError } from './errors';
import { authorizedFetch } from './session';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Calls a REST route as the person who is signed in and returns the answer's JSON; raises ApiError on a refusal. */
export async function rest<T>(method: Method, route: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await authorizedFetch(route, {
    method,
    ...(signal ? { signal } : {}),
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await restError(response);
  return (await response.json()) as T;
}
