-- Search over all objects (graphql-core.md section 12) ranks what holds all words before what holds any of them, and falls
-- back to records whose vector's text holds every word somewhere inside.

create function core.any_prefix_query(input text) returns tsquery
    language sql immutable parallel safe strict
    return (
        select coalesce(
            string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || ''':*', ' | '),
            ''
        )::tsquery
        from regexp_split_to_table(lower(core.unaccent(input)), '\s+') as word
        where word ~ '[[:alnum:]]'
    );

create function core.inside_patterns(input text) returns text[]
    language sql immutable parallel safe strict
    return (
        select coalesce(array_agg(core.inside_pattern(word)), '{}')
        from regexp_split_to_table(input, '\s+') as word
        where word <> ''
    );
