"""Live events: the change feed, followed once in each server process and fanned out to its viewers."""
