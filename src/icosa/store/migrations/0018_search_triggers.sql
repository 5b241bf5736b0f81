-- Search vectors are kept by triggers, not as generated columns: PostgreSQL plans a generated column's expression anew for
-- each statement that writes (`icosa.modeling.search_vectors`). The next change of what is searched makes the function in
-- the program's own form.
do $migration$
declare
    kept record;
    name text;
    fields text;
begin
    for kept in
        select c.oid, a.attnum, d.oid as definition, c.oid::regclass as relation, n.nspname as schema, substr(i.relname, 4, 32) as object_id,
            pg_get_expr(d.adbin, d.adrelid) as expression
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        join pg_index x on x.indrelid = c.oid
        join pg_class i on i.oid = x.indexrelid and i.relname ~ '^ix_[0-9a-f]{32}_position$'
        where a.attname = 'searchVector' and a.attgenerated = 's' and c.relkind = 'r' and n.nspname like 'workspace\_%'
    loop
        name := 'search_' || kept.object_id;
        select coalesce(string_agg(', ' || quote_ident(a.attname), '' order by a.attnum), '') into fields
        from pg_depend u
        join pg_attribute a on a.attrelid = u.refobjid and a.attnum = u.refobjsubid
        where u.classid = 'pg_attrdef'::regclass and u.objid = kept.definition
            and u.refclassid = 'pg_class'::regclass and u.refobjid = kept.oid and u.refobjsubid <> kept.attnum;
        execute format('alter table %s alter "searchVector" drop expression', kept.relation);
        execute format(
            'create or replace function %I.%I() returns trigger language plpgsql as $body$ begin '
            'NEW."searchVector" := (select %s from (select NEW.*) row); return NEW; end $body$',
            kept.schema, name, kept.expression
        );
        execute format(
            'create trigger %I before insert or update of "searchVector"%s on %s for each row execute function %I.%I()',
            name, fields, kept.relation, kept.schema, name
        );
    end loop;
end $migration$;
