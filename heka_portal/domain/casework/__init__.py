"""Above all kinds of case: make a move and let its kind's effect follow. The one door for both interfaces."""
