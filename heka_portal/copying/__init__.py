"""Moves everything from one database to another, SQLite or PostgreSQL, and proves that it arrived."""
