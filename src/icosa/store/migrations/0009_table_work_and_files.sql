-- What a change of the model leaves to be done on a large table while it is read and written: indexes, checks of foreign
-- keys, a search vector made of other fields. One row a change, deleted once done; what is left is done at the next start.
create table core.table_work (
    id bigint generated always as identity primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    object_id uuid not null,
    renew_search boolean not null default false,
    created_at timestamptz not null default now()
);

create index table_work_workspace on core.table_work (workspace_id);

-- Uploaded files. What is in them lies in the folder of files, under the workspace's id and the file's; a file belongs to
-- the field that it was uploaded for and shows where a record names it.
create table core.file (
    id uuid primary key,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    field_id uuid not null,
    name text not null,
    extension text not null,
    content_type text not null,
    size bigint not null,
    created_at timestamptz not null default now()
);

create index file_workspace on core.file (workspace_id);
