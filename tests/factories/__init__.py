"""The smallest valid things, one module a noun. Each is added to the session and flushed; the caller commits."""
