"""Mail that waits to be sent, in the transaction of what it tells about."""
