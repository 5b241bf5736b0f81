/** What is doubtful about an address that webhooks are sent to (contract: webhooks.md section 4). */
export type AddressWarning = 'plain' | 'private';

const PRIVATE = [
  /^localhost$/,
  /\.(local|internal|lan|home)$/,
  /^(0|10|127)\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^\[(::1?|f[cd]|fe80)/,
];

/** Returns the URL that a text stands for, null when it is none that a webhook may have. */
export function parseTarget(text: string): URL | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url : null;
}

export function warningsOf(url: URL): AddressWarning[] {
  const found: AddressWarning[] = [];
  if (url.protocol === 'http:') found.push('plain');
  if (PRIVATE.some((range) => range.test(url.hostname))) found.push('private');
  return found;
}
