"""What people write in cases: sentences of inflected words and compounds, composed from templates."""
