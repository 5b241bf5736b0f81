"""`make bench`: the server against the database it stands on and against a bare server, on one machine in one run."""
