-- The model of each workspace: what `icosa.catalog` reads and `icosa.modeling` writes.

create table core.object_metadata (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    universal_identifier uuid,
    name_singular text not null,
    name_plural text not null,
    label_singular text not null,
    label_plural text not null,
    description text not null default '',
    icon text not null default '',
    color text,
    shortcut text,
    table_name text not null,
    is_custom boolean not null,
    is_active boolean not null default true,
    is_system boolean not null default false,
    is_searchable boolean not null default false,
    is_audit_logged boolean not null default true,
    is_ui_creatable boolean not null default true,
    is_ui_editable boolean not null default true,
    is_label_synced_with_name boolean not null default false,
    label_identifier_field_id uuid,
    image_identifier_field_id uuid,
    duplicate_criteria jsonb,
    search_fields text[] not null default '{}',
    ordinal bigint generated always as identity,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (workspace_id, name_singular),
    unique (workspace_id, name_plural)
);

create table core.field_metadata (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    object_id uuid not null references core.object_metadata (id) on delete cascade,
    universal_identifier uuid,
    type text not null,
    name text not null,
    label text not null,
    description text not null default '',
    icon text not null default '',
    is_custom boolean not null,
    is_active boolean not null default true,
    is_system boolean not null default false,
    is_nullable boolean not null default true,
    is_ui_editable boolean not null default true,
    is_label_synced_with_name boolean not null default false,
    default_value jsonb,
    options jsonb,
    settings jsonb,
    relation_target_object_id uuid references core.object_metadata (id) on delete cascade,
    relation_target_field_id uuid references core.field_metadata (id) on delete cascade deferrable initially deferred,
    morph_id uuid,
    morph_name text,
    ordinal bigint generated always as identity,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (object_id, name)
);

create index field_metadata_workspace on core.field_metadata (workspace_id);

create table core.index_metadata (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    object_id uuid not null references core.object_metadata (id) on delete cascade,
    name text not null,
    index_type text not null default 'BTREE',
    is_custom boolean not null,
    is_unique boolean not null default false,
    where_clause text,
    fields uuid[] not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index index_metadata_object on core.index_metadata (object_id);

-- Taking accents off without the extension unaccent, which the embedded server does not have: canonical decomposition,
-- then the combining marks go, then the letters that have no decomposition are spelled out.
create function core.unaccent(value text) returns text
    language sql immutable parallel safe strict
    return case
        when octet_length(value) = length(value) then value
        else replace(replace(replace(replace(replace(replace(
            translate(
                regexp_replace(normalize(value, NFKD), '[\u0300-\u036f]', '', 'g'),
                'łŁøØđĐħĦıŧŦĸŋŊ',
                'lLoOdDhHitTqnN'
            ), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'), 'þ', 'th')
    end;

-- All texts inside a JSON document, joined with blanks.
create function core.json_texts(document jsonb) returns text
    language sql immutable parallel safe strict
    return (
        select string_agg(item #>> '{}', ' ')
        from jsonb_path_query(document, 'strict $.**') as item
        where jsonb_typeof(item) = 'string'
    );

-- The words of an input as prefixes, all of which must occur (`data-model.md`, "searchVector and search").
create function core.prefix_query(input text) returns tsquery
    language sql immutable parallel safe strict
    return (
        select coalesce(
            string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*', ' & '),
            ''
        )::tsquery
        from regexp_split_to_table(lower(core.unaccent(input)), '\s+') as word
        where word ~ '[[:alnum:]]'
    );

-- A pattern that finds the whole input anywhere inside a vector's text.
create function core.inside_pattern(input text) returns text
    language sql immutable parallel safe strict
    return '%' || regexp_replace(core.unaccent(input), '([\\%_])', '\\\1', 'g') || '%';
