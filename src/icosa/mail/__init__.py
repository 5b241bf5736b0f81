"""E-mail: messages and how they leave the server.

This room knows SMTP and the log. It does not know why somebody is written to.
"""
