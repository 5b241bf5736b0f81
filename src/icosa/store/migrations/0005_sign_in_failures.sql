-- Failed sign-ins by e-mail and by address, counted for a minute in every process alike (auth.md section 7).
create unlogged table core.sign_in_failure (
    key text primary key,
    failures int not null,
    resets_at timestamptz not null
);
