/** The path under which the server answers: `/` or, behind a proxy, something like `/crm/`. */
const told = document.querySelector<HTMLMetaElement>('meta[name="icosa-base"]')?.content ?? './';

export const basePath = told === './' || !location.pathname.startsWith(told.replace(/\/$/, '')) ? '/' : told;

/** The server's public address without a slash at its end, as a client would be given it. */
export const serverUrl = location.origin + basePath.replace(/\/$/, '');

/** Returns the address of a route such as `/rest/companies`. */
export function addressOf(route: string): string {
  return serverUrl + route;
}
