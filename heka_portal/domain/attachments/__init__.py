"""Files that people add to cases."""
