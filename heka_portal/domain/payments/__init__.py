"""Money between resident and landlord: reference numbers, invoices, payments."""
