"""The residents' pages: home, matters, defects and files."""
