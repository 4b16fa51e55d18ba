"""The verbs of the emergency application, each one transaction on the record."""
