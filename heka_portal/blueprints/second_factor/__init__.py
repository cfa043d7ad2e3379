"""The second factor of residents: turned on and off, and the second step at the door."""
