/**
 * The session of the person in front of the page (contract: auth.md section 6).
 *
 * The access token lives in memory only; the refresh token is kept in local storage, so that a reload, a new tab and
 * tomorrow find the person signed in. Renewal happens before a token runs out or after a 401, and nobody notices.
 */
import { addressOf, serverUrl } from './base';
import { ApiError, graphqlError, Unreachable } from './errors';

export type SessionState = 'unknown' | 'signed-out' | 'signed-in';

interface Token {
  token: string;
  expiresAt: string;
}

interface TokenPair {
  accessOrWorkspaceAgnosticToken: Token;
  refreshToken: Token;
}

const STORED = 'tokenPairState';
const EARLY_MS = 60_000;
const PAIR = '{ tokens { accessOrWorkspaceAgnosticToken { token expiresAt } refreshToken { token expiresAt } } }';
const LOGIN = `mutation ($email: String!, $password: String!, $origin: String!) {
  getLoginTokenFromCredentials(email: $email, password: $password, origin: $origin) { loginToken { token } }
}`;
const EXCHANGE = `mutation ($loginToken: String!, $origin: String!) {
  getAuthTokensFromLoginToken(loginToken: $loginToken, origin: $origin) ${PAIR}
}`;
const RENEW = `mutation ($appToken: String!) { renewToken(appToken: $appToken) ${PAIR} }`;

let access: Token | null = null;
let state: SessionState = 'unknown';
let renewing: Promise<void> | null = null;
const listeners = new Set<() => void>();

export function sessionState(): SessionState {
  return state;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Finds out whether somebody is signed in, from what an earlier visit has left. */
export async function resumeSession(): Promise<void> {
  if (storedRefresh() === null) {
    become('signed-out');
    return;
  }
  await renew().catch(() => become(storedRefresh() === null ? 'signed-out' : state));
}

/** Signs in; raises ApiError when address and password do not go together. */
export async function signIn(email: string, password: string): Promise<void> {
  const login = await openCall<{ getLoginTokenFromCredentials: { loginToken: Token } }>(LOGIN, {
    email,
    password,
    origin: serverUrl,
  });
  await signInWith(login.getLoginTokenFromCredentials.loginToken.token);
}

/** Exchanges a login token, as sign-in and sign-up give it, for a session. */
export async function signInWith(loginToken: string, enter = true): Promise<void> {
  const given = await openCall<{ getAuthTokensFromLoginToken: { tokens: TokenPair } }>(EXCHANGE, {
    loginToken,
    origin: serverUrl,
  });
  keep(given.getAuthTokensFromLoginToken.tokens, enter);
}

/**
 * Takes over a pair of tokens that an operation has answered.
 *
 * `enter` is false while there is more to do before the pages behind the sign-in may show.
 */
export function keep(pair: TokenPair, enter = true): void {
  access = pair.accessOrWorkspaceAgnosticToken;
  localStorage.setItem(STORED, JSON.stringify({ refreshToken: pair.refreshToken }));
  if (enter) become('signed-in');
}

/** Lets the person in after `keep` has held them back. */
export function enter(): void {
  become('signed-in');
}

export function signOut(): void {
  access = null;
  localStorage.removeItem(STORED);
  become('signed-out');
}

/** Sends a request as the person who is signed in, with a fresh token, once more when the token was refused. */
export async function authorizedFetch(route: string, init: RequestInit = {}): Promise<Response> {
  if (access === null || Date.parse(access.expiresAt) - Date.now() < EARLY_MS) await renew();
  const response = await send(route, init);
  if (response.status !== 401) return response;
  await renew();
  const again = await send(route, init);
  if (again.status === 401) signOut();
  return again;
}

/** Calls an operation of `/metadata` that needs no caller. */
export async function openCall<T>(query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await reach(addressOf('/metadata'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-locale': locale() },
    body: JSON.stringify({ query, variables }),
  });
  const body = await response.json();
  if (body.errors?.length) throw graphqlError(body.errors, response);
  return body.data as T;
}

/** Fetches, with one kind of error for every way in which a network can fail. */
export async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === 'AbortError') throw problem;
    throw new Unreachable();
  }
}

function send(route: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${access?.token ?? ''}`);
  headers.set('x-locale', locale());
  return reach(addressOf(route), { ...init, headers });
}

/** Renews the session; calls that come meanwhile wait for the same renewal, other tabs wait for the lock. */
function renew(): Promise<void> {
  renewing ??= exclusively(async () => {
    const refresh = storedRefresh();
    if (refresh === null) {
      signOut();
      throw new ApiError('The session is over', 401, 'UNAUTHENTICATED');
    }
    try {
      const given = await openCall<{ renewToken: { tokens: TokenPair } }>(RENEW, { appToken: refresh });
      keep(given.renewToken.tokens);
    } catch (problem) {
      if (problem instanceof ApiError && problem.status < 500) signOut();
      throw problem;
    }
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

function exclusively<T>(run: () => Promise<T>): Promise<T> {
  // Browsers offer locks on https and localhost only; elsewhere the server's minute of grace covers tabs that race.
  return 'locks' in navigator ? navigator.locks.request('icosa-session', run).then((done) => done) : run();
}

function storedRefresh(): string | null {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED) ?? 'null') as { refreshToken?: Token } | null;
    return kept?.refreshToken?.token ?? null;
  } catch {
    return null;
  }
}

function become(next: SessionState): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

// Signing out in one tab signs out the others.
window.addEventListener('storage', (event) => {
  if (event.key === STORED && event.newValue === null) signOut();
});

function locale(): string {
  return document.documentElement.lang === 'ro' ? 'ro-RO' : 'en';
}
