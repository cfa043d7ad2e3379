"""Reporting a defect, page by page."""
