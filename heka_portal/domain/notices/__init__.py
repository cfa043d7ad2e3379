"""Resident notices: who writes them, whom they reach, who has read them, and their mails."""
