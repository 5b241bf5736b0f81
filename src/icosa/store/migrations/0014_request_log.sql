-- The last API requests of each workspace (web-app.md part 3, "Request log"). Unlogged: losing it in a crash harms nobody, and
-- writing it costs little. Requests whose token tells no workspace have none.
create unlogged table core.request_log (
    id bigint generated always as identity primary key,
    workspace_id uuid,
    requested_at timestamptz not null,
    method text not null,
    path text not null,
    query text,
    operation text,
    status int not null,
    code text,
    duration_ms double precision not null,
    api_key_id uuid,
    user_id uuid,
    caller_name text,
    client_address text,
    request_id text not null,
    error text
);

create index request_log_by_workspace on core.request_log (workspace_id, id desc);
