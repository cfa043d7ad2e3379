"""Write a message to Heka, and take it back while it waits to go."""
