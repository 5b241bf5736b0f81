-- Events of the model itself (webhooks.md section 2, "Metadata events"): what somebody changes through the API is told like a
-- change of a record. What the program makes by itself, such as a new workspace's model, is not.

create function core.compact_json(value jsonb) returns text language plpgsql immutable as $$
begin
    return case jsonb_typeof(value)
        when 'object' then (
            select '{' || coalesce(string_agg(to_json(key)::text || ':' || core.compact_json(item), ','), '') || '}'
            from jsonb_each(value) as each(key, item)
        )
        when 'array' then (
            select '[' || coalesce(string_agg(core.compact_json(item), ',' order by place), '') || ']'
            from jsonb_array_elements(value) with ordinality as each(item, place)
        )
        else value::text
    end;
end $$;

create function core.api_name(name text) returns text language sql immutable as $$
    select case name
        when 'object_id' then 'objectMetadataId'
        when 'field_id' then 'fieldMetadataId'
        else lower(left(name, 1)) || substr(replace(initcap(replace(name, '_', ' ')), ' ', ''), 2)
    end
$$;

-- A row as the API names its columns; what must not be told, or is nobody's business, is left out.
create function core.model_document(given jsonb) returns jsonb language sql stable as $$
    select jsonb_object_agg(core.api_name(key), item)
        || case when jsonb_typeof(given -> 'content') = 'object' then given -> 'content' else '{}' end
    from jsonb_each(given) as each(key, item)
    where key not in (
        'secret', 'previous_secret', 'previous_secret_until', 'failing_since', 'paused_until', 'ordinal', 'content', 'kind',
        'table_name'
    )
$$;

create function core.record_model_event() returns trigger language plpgsql as $$
declare
    acting text := nullif(current_setting('icosa.actor', true), '');
    old_row jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_row jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    one jsonb := coalesce(new_row, old_row);
    before jsonb;
    after jsonb;
    changed text[];
    place text;
begin
    if acting is null then
        return null;
    end if;
    select schema_name into place from core.workspace where id = (one ->> 'workspace_id')::uuid;
    if place is null then
        return null;
    end if;
    before := core.model_document(old_row);
    after := core.model_document(new_row);
    if tg_op = 'UPDATE' then
        changed := array(
            select key from jsonb_each(after) as each(key, item)
            where key <> 'updatedAt' and item is distinct from before -> key order by key
        );
        if changed = '{}' then
            return null;
        end if;
    end if;
    execute format(
        'insert into %I.event (kind, record_id, action, changed, before, after, actor) values ($1, $2, $3, $4, $5, $6, $7)', place
    ) using
        coalesce(tg_argv[0], one ->> 'kind'),
        (one ->> 'id')::uuid,
        case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end,
        changed,
        core.compact_json(before)::json,
        core.compact_json(after)::json,
        acting::json;
    return null;
end $$;

create trigger record_model_event after insert or update or delete on core.object_metadata
    for each row execute function core.record_model_event('objectMetadata');
create trigger record_model_event after insert or update or delete on core.field_metadata
    for each row execute function core.record_model_event('fieldMetadata');
create trigger record_model_event after insert or update or delete on core.index_metadata
    for each row execute function core.record_model_event('index');
create trigger record_model_event after insert or update or delete on core.view
    for each row execute function core.record_model_event('view');
create trigger record_model_event after insert or update or delete on core.view_part
    for each row execute function core.record_model_event();
create trigger record_model_event after insert or delete or update of
    target_url, operations, description, updated_fields, is_active, payload on core.webhook
    for each row execute function core.record_model_event('webhook');
create trigger record_model_event after insert or update or delete on core.role
    for each row execute function core.record_model_event('role');
