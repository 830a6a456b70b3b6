"""The pages: one module each, and what is done on it."""
