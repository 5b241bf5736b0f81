-- Whoever changes records around the program, with psql or a job of their own, has that told in the event log, so that no
-- answer that is kept outlasts it. The program's own sessions, which tell of each record, are known by their name
-- (`icosa.modeling.ddl.watch_others` makes the same triggers on new tables).

create function core.tell_touched() returns trigger language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
begin
    execute format(
        'insert into %I.event (object_id, record_id, action) values ($1, ''00000000-0000-0000-0000-000000000000'', ''touched'')',
        tg_table_schema
    ) using tg_argv[0]::uuid;
    return null;
end $$;

do $migration$
declare
    kept record;
begin
    for kept in
        select w.schema_name, o.table_name, o.id
        from core.workspace w join core.object_metadata o on o.workspace_id = w.id
        where to_regclass(format('%I.%I', w.schema_name, o.table_name)) is not null
    loop
        execute format(
            'create trigger touched_by_others after insert or update or delete or truncate on %I.%I for each statement '
            'when (current_setting(''application_name'') is distinct from ''icosa'') execute function core.tell_touched(%L)',
            kept.schema_name, kept.table_name, kept.id
        );
    end loop;
end $migration$;
