"""A new workspace, from nothing to its first member: where accounts, model and records meet."""
