-- At which version of its workspace's model each object, with its indexes, and each field changed last: who knows an older
-- version reads only what is newer (`icosa.catalog.renew`). Triggers note it, so that it holds for whatever changes the
-- rows, what goes with a deleted one included. An item that was deleted stays, for those who still know it.

create table core.model_version (
    item_id uuid primary key,
    object_id uuid not null,
    workspace_id uuid not null references core.workspace (id) on delete cascade,
    version bigint not null
);

create index model_version_workspace on core.model_version (workspace_id, version);

-- A change raises its workspace's version at its end, so what it does belongs to the next one.
create function core.note_object_version() returns trigger language plpgsql as $$
begin
    insert into core.model_version (item_id, object_id, workspace_id, version)
    select distinct r.id, r.id, w.id, w.metadata_version + 1
    from changed_row r join core.workspace w on w.id = r.workspace_id
    on conflict (item_id) do update set version = excluded.version;
    return null;
end $$;

create function core.note_field_version() returns trigger language plpgsql as $$
begin
    insert into core.model_version (item_id, object_id, workspace_id, version)
    select distinct r.id, r.object_id, w.id, w.metadata_version + 1
    from changed_row r join core.workspace w on w.id = r.workspace_id
    on conflict (item_id) do update set version = excluded.version;
    return null;
end $$;

create function core.note_index_version() returns trigger language plpgsql as $$
begin
    insert into core.model_version (item_id, object_id, workspace_id, version)
    select distinct r.object_id, r.object_id, w.id, w.metadata_version + 1
    from changed_row r join core.workspace w on w.id = r.workspace_id
    on conflict (item_id) do update set version = excluded.version;
    return null;
end $$;

create trigger note_version_of_inserted after insert on core.object_metadata
    referencing new table as changed_row for each statement execute function core.note_object_version();
create trigger note_version_of_updated after update on core.object_metadata
    referencing new table as changed_row for each statement execute function core.note_object_version();
create trigger note_version_of_deleted after delete on core.object_metadata
    referencing old table as changed_row for each statement execute function core.note_object_version();
create trigger note_version_of_inserted after insert on core.field_metadata
    referencing new table as changed_row for each statement execute function core.note_field_version();
create trigger note_version_of_updated after update on core.field_metadata
    referencing new table as changed_row for each statement execute function core.note_field_version();
create trigger note_version_of_deleted after delete on core.field_metadata
    referencing old table as changed_row for each statement execute function core.note_field_version();
create trigger note_version_of_inserted after insert on core.index_metadata
    referencing new table as changed_row for each statement execute function core.note_index_version();
create trigger note_version_of_updated after update on core.index_metadata
    referencing new table as changed_row for each statement execute function core.note_index_version();
create trigger note_version_of_deleted after delete on core.index_metadata
    referencing old table as changed_row for each statement execute function core.note_index_version();

-- What goes with a deleted object or field is found without a look at every field.
create index field_metadata_target_object on core.field_metadata (relation_target_object_id);
create index field_metadata_target_field on core.field_metadata (relation_target_field_id);
