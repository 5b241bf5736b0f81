-- Sessions before there is a workspace, and what ends sessions (auth.md sections 1, 6 and 12).

-- A refresh token without a workspace belongs to somebody who has signed up and not yet founded or joined one.
alter table core.refresh_token alter column workspace_id drop not null;

-- Tokens of a person that were issued before this moment do not hold: the password was changed.
alter table core."user" add column sessions_end_at timestamptz;

-- From which addresses somebody has signed in before, and the newest entries of one actor.
create index audit_actor on core.audit (actor_id, action, at);
