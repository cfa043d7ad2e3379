"""The way in and out of residents: registration, sign-in, forgotten passwords."""
