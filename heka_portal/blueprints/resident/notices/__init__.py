"""Notices as residents read them."""
