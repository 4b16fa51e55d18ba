"""Banyan: one health record for a whole city, with the applications on it."""
