"""Runs the portal on a developer's machine: `python -m devtools.runner`, which is `make run`."""
