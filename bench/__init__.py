"""Benchmarks: `.venv/bin/python -m bench.NAME [--quick]` prints a table and, last, one line of JSON."""
