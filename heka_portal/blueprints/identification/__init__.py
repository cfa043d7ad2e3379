"""The provider of strong identification: its answer, and what we publish for it."""
