"""Accounts, sessions, links and the brakes against guessing."""
