"""A resident's own details: contact, bank account, which mails they do without, who looked at their data."""
