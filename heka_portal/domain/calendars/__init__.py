"""What happens in a building: kept by staff, told by notices, read on a page and in residents' own calendars."""
