"""People of the register: their age, their identity codes, and who may register."""
