"""One's own account: its password and its sessions."""
