"""Change one's own details, a module a noun."""
