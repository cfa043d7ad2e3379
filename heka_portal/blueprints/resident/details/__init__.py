"""One's own details: contact, bank account, mails, and who looked at one's data."""
