"""The named errors of the domain; `web/errors.py` turns them into pages once."""

from __future__ import annotations

from heka_portal.vocabulary import FileRefusal


class DomainError(Exception):
    """Something that the rules do not allow."""


class NotFound(DomainError):
    """Absent, or not the actor's to see: the answer is the same."""


class NotAllowed(DomainError):
    """The actor may see it, but not do this to it."""


class NotFresh(DomainError):
    """The words are sensitive: they are shown after a fresh strong identification."""


class Changed(DomainError):
    """Someone else changed it after the form was drawn."""


class AlreadyDone(DomainError):
    """This submission has been received before; `number` is the case it made or belongs to."""

    def __init__(self, number: int) -> None:
        super().__init__(f"case {number}")
        self.number = number


class IllegalMove(DomainError):
    """The workflow has no such move from the present state for this actor."""


class DetailNeeded(DomainError):
    """A move lacks what it needs; `need` names it."""

    def __init__(self, need: str) -> None:
        super().__init__(need)
        self.need = need


class FileRefused(DomainError):
    """A file is not taken; `refusal` says why, `name` which one."""

    def __init__(self, refusal: FileRefusal, name: str = "") -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.name = name


class TooLate(DomainError):
    """The time in which it could be done is over."""
