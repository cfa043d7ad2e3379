"""The outside world, one folder or module each: own dataclasses and errors, never models."""
