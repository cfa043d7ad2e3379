"""How long a copy of one's own data lives, and when a failed one is tried again."""

from __future__ import annotations

from datetime import timedelta

#: how long it can be fetched
KEPT = timedelta(days=7)
#: how long one worker has a copy to itself: longer than the largest takes
LEASE = timedelta(minutes=30)
#: after so many tries it has failed, and its owner is told on the page
MOST_TRIES = 3
