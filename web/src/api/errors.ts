/** What a server's refusal says: its HTTP status, its code and its text. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly subCode: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** Whether the caller is not known: signing in again would help. */
  get isUnauthenticated(): boolean {
    return this.status === 401 || this.code === 'UNAUTHENTICATED';
  }

  get isForbidden(): boolean {
    return this.status === 403 || this.code === 'FORBIDDEN';
  }

  get isNotFound(): boolean {
    return this.status === 404 || this.code === 'NOT_FOUND';
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {
  constructor() {
    super('The server does not answer');
    this.name = 'Unreachable';
  }
}

interface GraphqlProblem {
  message: string;
  extensions?: { code?: string; subCode?: string; userFriendlyMessage?: unknown; requestId?: string };
}

/** Returns the error for the first entry of a GraphQL answer's `errors`. */
export function graphqlError(problems: GraphqlProblem[], response: Response): ApiError {
  const first = problems[0];
  const told = first?.extensions?.userFriendlyMessage;
  const message = typeof told === 'string' && told ? told : (first?.message ?? response.statusText);
  return new ApiError(
    message,
    response.status,
    first?.extensions?.code ?? 'INTERNAL_SERVER_ERROR',
    first?.extensions?.subCode ?? null,
    first?.extensions?.requestId ?? response.headers.get('x-request-id'),
  );
}

/** Returns the error for a REST answer that is no success. */
export async function restError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const told = (body ?? {}) as { messages?: string[]; message?: string; error?: string; code?: string };
  const message = told.messages?.join('; ') || told.message || response.statusText;
  const code = told.code ?? told.error ?? String(response.status);
  return new ApiError(message, response.status, code, null, response.headers.get('x-request-id'));
}
