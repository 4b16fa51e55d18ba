"""Search: from a request's parameters to one SQL statement, driven by the index that we choose."""
