import { graphqlError } from './errors';
import { authorizedFetch } from './session';

/**
 * Calls operations of the Metadata API as the person who is signed in.
 *
 * Documents are written between `gql` backticks: a test validates each of them against the server's schema.
 */
export function metadata<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  return graphql<T>('/metadata', query, variables);
}

/** Calls the Core GraphQL API as the person who is signed in. */
export function core<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  return graphql<T>('/graphql', query, variables);
}

/** Marks a GraphQL document of the Metadata API. */
export function gql(parts: TemplateStringsArray): string {
  return parts.raw[0] ?? '';
}

async function graphql<T>(route: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await authorizedFetch(route, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  if (body.errors?.length) throw graphqlError(body.errors, response);
  return body.data as T;
}
