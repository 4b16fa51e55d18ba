"""The applications: thin layers of one shape on the record."""
