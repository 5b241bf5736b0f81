-- Webhooks (webhooks.md section 1). The secret is encrypted with a key derived from the server's secret.

create table core.webhook (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    target_url text not null,
    operations text[] not null,
    description text,
    secret bytea not null,
    updated_fields text[] not null default '{}',
    ordinal bigint generated always as identity,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index webhook_workspace on core.webhook (workspace_id, ordinal);
