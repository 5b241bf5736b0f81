"""The demo workspace: invented companies, people, deals, notes and tasks, the same for the same seed (`demo-data.md`)."""
