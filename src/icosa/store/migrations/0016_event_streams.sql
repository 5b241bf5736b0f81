-- Event streams of GraphQL subscriptions (graphql-core.md section 14): what each one wants to hear. A row lives as long as its
-- connection and may be lost with a crash, since the connection is lost then too.

create unlogged table core.event_stream (
    id text primary key check (length(id) between 1 and 200),
    workspace_id uuid not null,
    user_workspace_id uuid not null,
    queries jsonb not null default '{}',
    seen_at timestamptz not null default now()
);
