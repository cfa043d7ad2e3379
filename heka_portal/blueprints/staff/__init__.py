"""The door of customer service: password and second factor."""
