"""Registration: identify, choose an email and a password, open the link."""
