-- Which part of a composite field a custom index is about, one entry for each of its fields (metadata.md section 8).
alter table core.index_metadata add column sub_fields text[];
