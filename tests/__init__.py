"""The tests mirror src/banyan; what all of them share is in conftest.py."""
