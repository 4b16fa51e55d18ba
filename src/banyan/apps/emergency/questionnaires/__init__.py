"""The project's own question sets for calls: what is asked, what each answer means, what to tell the caller."""
