-- Views of objects and their parts (metadata.md section 9). What only a user interface reads of a part stands in its
-- content, under the API's own keys; what the server looks at has columns.

create table core.view (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    object_id uuid not null references core.object_metadata (id) on delete cascade,
    name text not null,
    type text not null default 'TABLE',
    key text,
    icon text not null default '',
    position double precision not null default 0,
    visibility text not null default 'WORKSPACE',
    created_by uuid references core.user_workspace (id) on delete cascade,
    main_group_by_field_id uuid references core.field_metadata (id) on delete cascade,
    calendar_field_id uuid references core.field_metadata (id) on delete cascade,
    aggregate_field_id uuid references core.field_metadata (id) on delete set null,
    content jsonb not null default '{}',
    is_own boolean not null default false,
    is_active boolean not null default true,
    ordinal bigint generated always as identity,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create index view_workspace on core.view (workspace_id, object_id);
create index view_object on core.view (object_id);
create index view_main_group_by_field on core.view (main_group_by_field_id);
create index view_calendar_field on core.view (calendar_field_id);
create index view_aggregate_field on core.view (aggregate_field_id);
create index view_created_by on core.view (created_by);

create table core.view_part (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    view_id uuid not null references core.view (id) on delete cascade,
    kind text not null,
    field_id uuid references core.field_metadata (id) on delete cascade,
    parent_id uuid references core.view_part (id) on delete cascade,
    content jsonb not null default '{}',
    ordinal bigint generated always as identity,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index view_part_view on core.view_part (view_id, kind);
create index view_part_field on core.view_part (field_id);
create index view_part_parent on core.view_part (parent_id);
create unique index view_part_once on core.view_part (view_id, kind, field_id) where kind in ('viewField', 'viewSort');
