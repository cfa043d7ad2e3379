"""Tell who waits for an import how far it is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click

#: seconds between two lines of a log, and before the first: what is quick tells nothing there
QUIET = 10.0

Tell = Callable[[int], None]


class Progress:
    """Words on the standard error, beside the plan on the standard output."""

    def __init__(self) -> None:
        self.is_terminal = sys.stderr.isatty()
        self._told_at = time.monotonic()

    @contextmanager
    def reading(self, whole: int) -> Iterator[Tell]:
        """What it gives hears how many bytes each step read, of so many."""
        if not self.is_terminal:
            self._left = whole
            yield partial(self._read, whole)
            return
        with click.progressbar(length=whole, label="Reading", file=sys.stderr, update_min_steps=1 << 20) as bar:
            yield bar.update

    def tell(self, what: str, table: str) -> None:
        """Say what is done with which table."""
        self.say(f"{what} {table.replace('_', ' ')} …")

    def say(self, words: str) -> None:
        """Say what goes on: on a terminal at once, in a log if nothing was said for a while."""
        now = time.monotonic()
        if self.is_terminal or now - self._told_at >= QUIET:
            self._told_at = now
            click.echo(words, err=True)

    def _read(self, whole: int, step: int) -> None:
        self._left -= step
        self.say(f"Reading: {100 - self._left * 100 // max(whole, 1)} %")
