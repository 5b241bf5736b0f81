/** The token of a key that has just been made, on its way to the key's page: in memory only, and there only once. */
let fresh: { keyId: string; token: string } | null = null;

export function handOver(keyId: string, token: string): void {
  fresh = { keyId, token };
}

/** Returns the token of a key, null when it has been shown before or was made at another time. */
export function handedOver(keyId: string): string | null {
  return fresh?.keyId === keyId ? fresh.token : null;
}

export function forget(): void {
  fresh = null;
}
