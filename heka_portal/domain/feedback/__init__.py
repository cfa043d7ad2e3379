"""Feedback on the portal's accessibility."""
