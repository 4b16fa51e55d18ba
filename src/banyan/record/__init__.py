"""The one store: versions, search, transactions and the change feed on PostgreSQL."""

from banyan.record.feed import Change, Entry, Event, Feed
from banyan.record.store import Record
from banyan.record.transaction import Transaction
from banyan.record.values import Author, HistoryPage, Scope, SearchPage, Stored, Written

__all__ = [
    "Author",
    "Change",
    "Entry",
    "Event",
    "Feed",
    "HistoryPage",
    "Record",
    "Scope",
    "SearchPage",
    "Stored",
    "Transaction",
    "Written",
]
