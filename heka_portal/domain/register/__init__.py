"""The landlord's register comes in: stage the rows, plan the difference, show it, apply it in one transaction.

Beside the usual files: `tables.py` says what each table of the register is, `staging.py` takes rows into temporary
tables, `checks.py` and `differences.py` ask these tables by SQL, however many rows there are.
"""
