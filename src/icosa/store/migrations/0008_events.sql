-- Published events and webhook deliveries (webhooks.md section 5).

-- How far each workspace's event log is published. Every unpublished event has a sequence above `safe_below`; transactions
-- with an id above `mark_xid` draw sequences above `mark_sequence`.
create table core.publication (
    workspace_id uuid primary key references core.workspace (id) on delete cascade,
    position bigint not null default 0,
    safe_below bigint not null default 0,
    mark_xid xid8 not null default pg_current_xact_id(),
    mark_sequence bigint not null default 0
);

do $$
declare
    each record;
begin
    for each in select id, schema_name from core.workspace loop
        execute format('alter table %I.event add column kind text, alter column object_id drop not null', each.schema_name);
        execute format(
            'create table %I.published_event (position bigint primary key, sequence bigint not null unique)', each.schema_name
        );
        execute format(
            'insert into %1$I.published_event select row_number() over (order by sequence), sequence from %1$I.event '
            'where action <> ''touched''',
            each.schema_name
        );
        execute format(
            'insert into core.publication (workspace_id, position, safe_below, mark_sequence) '
            'select $1, coalesce((select max(position) from %1$I.published_event), 0), drawn, drawn '
            'from (select coalesce(max(sequence), 0) as drawn from %1$I.event) x',
            each.schema_name
        ) using each.id;
    end loop;
end $$;

alter table core.webhook
    add column is_active boolean not null default true,
    add column inactive_reason text,
    add column payload text not null default 'full' check (payload in ('full', 'thin')),
    add column previous_secret bytea,
    add column previous_secret_until timestamptz,
    add column failing_since timestamptz,
    add column paused_until timestamptz;

create table core.webhook_delivery (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null,
    webhook_id uuid not null references core.webhook (id) on delete cascade,
    position bigint not null,
    event_sequence bigint not null,
    event_name text not null,
    record_id uuid not null,
    state text not null default 'queued' check (state in ('queued', 'sending', 'succeeded', 'failed', 'dead')),
    attempt int not null default 0,
    -- When it is sent, or sent again; while it is being sent, when it counts as lost.
    next_attempt_at timestamptz not null default now(),
    created_at timestamptz not null default now(),
    attempts jsonb not null default '[]',
    response_headers jsonb,
    response_body text
);

create index webhook_delivery_due on core.webhook_delivery (webhook_id, next_attempt_at, position)
    where state in ('queued', 'sending', 'failed');
create index webhook_delivery_record on core.webhook_delivery (webhook_id, record_id, position)
    where state in ('queued', 'sending', 'failed');
create index webhook_delivery_log on core.webhook_delivery (webhook_id, position desc, id);
create index webhook_delivery_created on core.webhook_delivery (created_at);
