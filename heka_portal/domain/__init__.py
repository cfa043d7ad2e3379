"""The company's rules, one folder a noun: no Flask, no HTML, no network."""
