"""Whole rescues over the API, and what they leave in the record."""
