"""PostgreSQL itself: the embedded server, the pool, migrations, notifications. It knows nothing of a CRM."""
