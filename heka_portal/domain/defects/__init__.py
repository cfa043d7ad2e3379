"""Defect notifications: places and faults, urgency, access to the home, look-alikes."""
