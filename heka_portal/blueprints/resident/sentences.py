"""How a sentence about a case is made: what it reads of the case, and our words with values in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from markupsafe import Markup

from heka_portal.vocabulary import CaseKind, ClosingReason, Urgency


class Stage(Protocol):
    """What of a case the sentences are made of; a line of the list has it as well as the case itself."""

    @property
    def kind(self) -> CaseKind: ...
    @property
    def state(self) -> str: ...
    @property
    def outcome(self) -> ClosingReason | None: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def target_at(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...


Say = Callable[[Any], Markup]


@dataclass(frozen=True)
class Sentences:
    """What is said of one kind of case, by its state."""

    #: what happens next, and the same where it is the reader's turn
    steps: Mapping[str, Say]
    own_turn: Mapping[str, Say]
    #: what the reader has to do: its title with `subject`, and by when
    turns: Mapping[str, tuple[Any, Any]]
    #: what explains it on the page while it is open
    more: Mapping[str, Any] = field(default_factory=dict)
    #: what happens first, by when customer service has read it
    reading: Callable[[Any, datetime], Markup | None] = lambda _stage, _created_at: None


#: a Finnish date ends with a full stop of its own: at the end of a sentence one is enough
_TWO_STOPS = re.compile(r"(?<!\.)\.(</time>|</span></time>)?\.(?=\s|$)")


def fill(sentence: str, **values: Any) -> Markup:
    """A sentence of ours with values in it: markup of our filters stays, everything else is escaped."""
    return tidy(Markup(sentence) % values)  # noqa: S704 - the sentence is ours, and the values are escaped


def tidy(sentence: Markup) -> Markup:
    """A sentence without the second of two full stops."""
    return Markup(_TWO_STOPS.sub(r".\1", str(sentence)))  # noqa: S704 - it was markup before
