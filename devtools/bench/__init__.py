"""What each page costs at each size: `make bench`, and `docs/performance.md` is remade.

The figure that counts is the processor's time of a request, the application's and the database's: it is steady where
rates wander. The limit it is held against is a bare Flask view that reads as often and writes as much, measured in the
same run on the same machine.
"""
