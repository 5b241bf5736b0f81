"""The Core GraphQL API: the schema that the model gives, and documents planned instead of executed.

A request passes `handler` (transport), `documents` (parse, limits, validation), `planner` (arguments and selections to a
plan) and `execution` (statements to an answer).
"""
