-- Timeline activities (data-model.md, "Timeline events") are made from published events.

-- Up to which position that is done.
alter table core.publication add column timeline_position bigint not null default 0;
update core.publication set timeline_position = position;

-- What an update changed, as `{field: {before, after}}`.
create function core.event_diff(before json, after json) returns jsonb language sql immutable as $$
    select jsonb_object_agg(a.key, jsonb_build_object('before', b.value, 'after', a.value))
    from json_each(after) a join json_each(before) b using (key)
    where key not in ('updatedAt', 'updatedBy', 'position') and a.value::jsonb is distinct from b.value::jsonb
$$;

-- Several of them, in order, as one: a field's first value before and its last one after.
create function core.merged_diff(diffs jsonb[]) returns jsonb language sql immutable as $$
    select jsonb_object_agg(key, jsonb_build_object('before', first, 'after', last))
    from (
        select key, (array_agg(item -> 'before' order by place))[1] as first, (array_agg(item -> 'after' order by place desc))[1] as last
        from unnest(diffs) with ordinality x(diff, place), jsonb_each(diff) as each(key, item)
        where diff is not null
        group by key
    ) y
$$;
