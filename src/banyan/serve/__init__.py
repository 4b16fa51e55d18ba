"""The process tree of `banyan serve`: the database, the server processes, the worker. Start with tree.py."""
