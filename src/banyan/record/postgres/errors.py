"""What can be wrong with the embedded database, in words that say what to do."""


class DatabaseError(Exception):
    """The database cannot be used; the message says why and what to do."""


class DiskFull(DatabaseError):
    """There is no room left where the data folder lies."""


class DataFolderTooNew(DatabaseError):
    """A newer Banyan wrote this data folder."""
