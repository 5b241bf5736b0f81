"""Field types: what a field stores, how PostgreSQL writes it as JSON, what input it takes, how it filters and sorts.

Each type is one class in one file; every other room asks the class and none switches on a type's name. This room knows
columns and values. It does not know objects, requests, protocols or roles.
"""
