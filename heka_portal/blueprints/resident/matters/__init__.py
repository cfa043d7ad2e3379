"""My matters: the list, and the page of one case."""
