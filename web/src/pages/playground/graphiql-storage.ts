/** What GraphiQL remembers: its history in local storage, without headers; all else in memory until it is closed. */
const KEPT = new Set(['graphiql:queries', 'graphiql:favorites']);

export function makeStorage(): Storage {
  const memory = new Map<string, string>();
  return {
    getItem: (name) => (KEPT.has(name) ? localStorage.getItem(name) : (memory.get(name) ?? null)),
    setItem: (name, value) => {
      if (KEPT.has(name)) localStorage.setItem(name, withoutHeaders(value));
      else memory.set(name, value);
    },
    removeItem: (name) => {
      if (KEPT.has(name)) localStorage.removeItem(name);
      else memory.delete(name);
    },
    clear: () => {
      memory.clear();
      for (const name of KEPT) localStorage.removeItem(name);
    },
    key: (place) => [...memory.keys()][place] ?? null,
    get length() {
      return memory.size;
    },
  };
}

/** Headers hold tokens. */
function withoutHeaders(history: string): string {
  return JSON.stringify(JSON.parse(history), (name, value: unknown) => (name === 'headers' ? undefined : value));
}
