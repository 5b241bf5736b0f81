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

-- Token buckets of rate limits (auth.md section 7), shared by all processes. A bucket is told by the moment at which it
-- will be full again; nothing has to be refilled, and a lost table only forgives.
create unlogged table core.rate_bucket (
    key text primary key,
    full_at timestamptz not null
);

-- Takes tokens from all the buckets, or from none of them when one has too few. A request that costs more than a bucket
-- holds needs a full one.
create function core.take_tokens(keys text[], sizes int[], periods float8[], cost int)
    returns table (size int, remaining int, resets_in float8, wait float8)
    language plpgsql as $$
declare
    moment timestamptz;
begin
    -- Rows are locked in the order of the keys, which callers sort.
    insert into core.rate_bucket as b (key, full_at) select k, 'epoch' from unnest(keys) k
    on conflict (key) do update set full_at = b.full_at;
    moment := clock_timestamp();
    return query
        with asked as (
            select a.key, a.size, a.period, least(cost, a.size) * a.period / a.size as price,
                greatest(extract(epoch from b.full_at - moment)::float8, 0) as missing
            from unnest(keys, sizes, periods) as a (key, size, period) join core.rate_bucket b using (key)
        ),
        verdict as (select max(a.missing + a.price - a.period) < 1e-6 as holds from asked a),
        taken as (
            update core.rate_bucket b set full_at = moment + make_interval(secs => a.missing + a.price)
            from asked a, verdict v where b.key = a.key and v.holds
        )
        select a.size,
            floor((a.period - a.missing - case when v.holds then a.price else 0 end) * a.size / a.period + 1e-6)::int,
            a.missing + case when v.holds then a.price else 0 end,
            case when v.holds then 0 else greatest(a.missing + a.price - a.period, 0) end
        from asked a, verdict v;
end $$;
