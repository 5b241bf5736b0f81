"""Uploaded files: kept on disk, told of by signed links.

Knows the folder of files, the rows that say what lies there, and the tokens of links. Knows nothing about records and HTTP.
"""
