"""Mail waiting to be sent, written in the transaction of what it tells about."""
