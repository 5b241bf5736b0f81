-- Links that are sent by e-mail (auth.md section 6). Their tokens are kept as SHA-256 only, so that who reads the
-- database can use none of them.

create table core.invitation (
    id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    email text not null check (email = lower(email)),
    role_id uuid references core.role (id) on delete set null,
    token_hash bytea not null unique,
    invited_by uuid references core."user" (id) on delete set null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    unique (workspace_id, email)
);

create index invitation_role on core.invitation (role_id);
create index invitation_invited_by on core.invitation (invited_by);

create table core.password_reset (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references core."user" (id) on delete cascade,
    token_hash bytea not null unique,
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
);

create index password_reset_user on core.password_reset (user_id);
