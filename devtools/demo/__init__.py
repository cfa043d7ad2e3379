"""Demo data: a believable landlord's register of any size, people who can sign in, and cases in every state.

The same number of apartments gives the same data: each home is drawn from its index. Ids begin with `DEMO-` and
identity codes have signs that no code given so far has, so that demo and landlord never meet. For development only.
"""
