"""Prepares what the repository does not carry."""
