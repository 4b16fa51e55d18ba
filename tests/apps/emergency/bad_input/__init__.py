"""Bad input: each has a defined answer (section E), asked of a real server and read back from the record."""
