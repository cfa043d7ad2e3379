"""A stand-in for a broker of the Finnish Trust Network: for development and tests, on this machine only.

It speaks the profile as the brokers do, from its own code: it shares nothing with the portal, so that the two check
each other. Anyone may be anyone here, and every failure of a broker can be had on demand.
"""
