"""Years of cases of a whole landlord, drawn from each case's index and written by the table's own bulk way.

The rows are what the domain would have written: states come from the workflow's table of moves, deadlines from the
deadline rules, words from the same lines. Two differences, both meant: the audit log has no lines of them, and
today's dated rows (targets, urgencies) are taken for all years, because older ones are not kept.
"""
