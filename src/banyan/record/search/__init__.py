"""Search: from the parameters of a request to one SQL statement driven by the index that the compiler chooses."""
