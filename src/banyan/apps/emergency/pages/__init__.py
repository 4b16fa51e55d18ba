"""The pages of emergency: templates, and what serves them."""
