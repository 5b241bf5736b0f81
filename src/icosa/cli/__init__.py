"""The command line: results on stdout, talk on stderr, a clear line and a status on failure."""
