"""What a change must pass before it is handed over."""
