"""Customer service's workbench on Flask-Admin."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Bind the workbench to the application."""
