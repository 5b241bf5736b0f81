-- Workspaces, the people in them, what they may do, and their keys: what `icosa.access` reads and writes.

create table core.workspace (
    id uuid primary key default gen_random_uuid(),
    display_name text not null,
    subdomain text unique,
    schema_name text not null unique,
    invite_hash text not null default replace(gen_random_uuid()::text, '-', ''),
    logo text,
    activation_status text not null default 'ACTIVE' check (
        activation_status in ('PENDING_CREATION', 'ONGOING_CREATION', 'ACTIVE', 'INACTIVE', 'SUSPENDED')
    ),
    metadata_version bigint not null default 1,
    default_role_id uuid,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create table core."user" (
    id uuid primary key default gen_random_uuid(),
    email text not null unique check (email = lower(email)),
    first_name text not null default '',
    last_name text not null default '',
    password_hash text,
    locale text not null default 'en',
    is_email_verified boolean not null default true,
    can_access_full_admin_panel boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);

create table core.role (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    universal_identifier uuid not null default gen_random_uuid(),
    label text not null,
    description text not null default '',
    icon text not null default '',
    is_editable boolean not null default true,
    can_update_all_settings boolean not null default false,
    can_access_all_tools boolean not null default false,
    can_read_all_object_records boolean not null default false,
    can_update_all_object_records boolean not null default false,
    can_soft_delete_all_object_records boolean not null default false,
    can_destroy_all_object_records boolean not null default false,
    can_be_assigned_to_users boolean not null default true,
    can_be_assigned_to_agents boolean not null default true,
    can_be_assigned_to_api_keys boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (workspace_id, label)
);

alter table core.workspace
    add constraint workspace_default_role foreign key (default_role_id) references core.role (id);

create table core.object_permission (
    id uuid not null unique default gen_random_uuid(),
    role_id uuid not null references core.role (id) on delete cascade,
    object_id uuid not null,
    can_read boolean,
    can_update boolean,
    can_soft_delete boolean,
    can_destroy boolean,
    primary key (role_id, object_id)
);

create table core.field_permission (
    id uuid not null unique default gen_random_uuid(),
    role_id uuid not null references core.role (id) on delete cascade,
    object_id uuid not null,
    field_id uuid not null,
    can_read boolean,
    can_update boolean,
    primary key (role_id, field_id)
);

create table core.permission_flag (
    id uuid not null unique default gen_random_uuid(),
    role_id uuid not null references core.role (id) on delete cascade,
    flag text not null,
    primary key (role_id, flag)
);

-- Everything that decides what a role may do, as one text: two equal texts mean equal rights.
create function core.role_rights(role_id uuid) returns text
    language sql stable parallel safe
    return (
        select to_json(rights)::text
        from (
            select r.id, r.can_update_all_settings, r.can_access_all_tools, r.can_read_all_object_records,
                r.can_update_all_object_records, r.can_soft_delete_all_object_records,
                r.can_destroy_all_object_records,
                (
                    select coalesce(json_agg(json_build_object(
                        'object_id', p.object_id, 'can_read', p.can_read, 'can_update', p.can_update,
                        'can_soft_delete', p.can_soft_delete, 'can_destroy', p.can_destroy
                    ) order by p.object_id), '[]')
                    from core.object_permission p where p.role_id = r.id
                ) as objects,
                (
                    select coalesce(json_agg(json_build_object(
                        'field_id', p.field_id, 'can_read', p.can_read, 'can_update', p.can_update
                    ) order by p.field_id), '[]')
                    from core.field_permission p where p.role_id = r.id
                ) as fields,
                (
                    select coalesce(json_agg(p.flag order by p.flag), '[]')
                    from core.permission_flag p where p.role_id = r.id
                ) as flags
            from core.role r
            where r.id = $1
        ) as rights
    );

create table core.user_workspace (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references core."user" (id) on delete cascade,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    workspace_member_id uuid not null,
    role_id uuid not null references core.role (id),
    created_at timestamptz not null default now(),
    deleted_at timestamptz,
    unique (user_id, workspace_id)
);

create index user_workspace_workspace on core.user_workspace (workspace_id);
create index user_workspace_role on core.user_workspace (role_id);

create table core.api_key (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    role_id uuid not null references core.role (id),
    name text not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    last_used_ip text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index api_key_workspace on core.api_key (workspace_id);
create index api_key_role on core.api_key (role_id);

-- Refresh tokens. All that grew out of one sign-in are a family, which is revoked whole when one is used a second time.
create table core.refresh_token (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references core."user" (id) on delete cascade,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    family uuid not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    replaced_by uuid references core.refresh_token (id) on delete set null,
    replaced_at timestamptz,
    created_at timestamptz not null default now()
);

create index refresh_token_user on core.refresh_token (user_id);
create index refresh_token_workspace on core.refresh_token (workspace_id);
create index refresh_token_family on core.refresh_token (family);
create index refresh_token_replaced_by on core.refresh_token (replaced_by);

-- Who made, changed or used a credential; never the credential itself (`auth.md` section 12).
create table core.audit (
    id bigint generated always as identity primary key,
    workspace_id uuid,
    actor_kind text not null,
    actor_id uuid,
    action text not null,
    target_id uuid,
    details jsonb not null default '{}',
    from_address text,
    at timestamptz not null default now()
);

create index audit_workspace on core.audit (workspace_id, at);
