"""Messages: topics, whose they are, what is sensitive."""
