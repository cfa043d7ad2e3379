"""Write accounts: one module a noun."""
