"""Tools of the people who develop the portal: never in the wheel, never imported by it."""
