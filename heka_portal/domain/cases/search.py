"""Find cases by number, resident, address and words, each database by its own index; for customer service only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import starmap
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, or_, select, text, true

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Line, with_names
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseText

PAGE = 25
MAX_WORDS = 8
#: how many of the newest texts are read before the index is asked: 7 ms of the database
WALK = 2_000
#: the trigram index needs three letters
SHORTEST = 3
_NUMBER = re.compile(r"^\d{3}[\s\u00a0]?\d{3}[\s\u00a0]?\d{3}$")
_WORD = re.compile(r"[\w-]+", re.UNICODE)

_BODY_WORDS: Any = literal_column("case_texts.words")


def words_of(asked: str) -> list[str]:
    """The words of a search, at most eight; signs of a query language are left out."""
    return _WORD.findall(asked.replace("\x00", ""))[:MAX_WORDS]


def number_of(asked: str) -> int | None:
    """The case number that is searched for, if it is one."""
    return int(re.sub(r"\s|\u00a0", "", asked)) if _NUMBER.match(asked.strip()) else None


def search_cases(actor: Actor, asked: str, *, before_id: int | None = None, limit: int = PAGE) -> list[Line]:
    """The latest cases that hold all the words; a number leads to its case."""
    if not actor.may(Permission.CASE_WORK):
        raise NotAllowed
    number = number_of(asked)
    if number is not None:
        return _lines(select(Case.id).where(Case.number == number))
    words = words_of(asked)
    found: list[Line] = []
    while words and len(found) < limit:
        page = _lines(_ids(words, before_id, limit))
        found += [line for line in page if not _is_absent(line, words)]
        if len(page) < limit:
            break
        before_id = page[-1].id
    return found[:limit]


def _lines(ids: Sequence[int] | Select[int]) -> list[Line]:
    return list(starmap(Line, db.session.execute(with_names(ids, Case.id.desc()))))


def _ids(words: list[str], before_id: int | None, limit: int) -> Sequence[int]:
    """The latest cases that hold the words.

    A common word is found among the newest texts at once, where an index would give all of it to be sorted. For a
    rare one the index is asked, and the walk through the texts, which would not end, is not left to the planner.
    """
    before = true() if before_id is None else CaseText.case_id < before_id
    latest = CaseText.case_id.desc()
    if db.engine.dialect.name != "postgresql":
        return db.session.scalars(_found_on_sqlite(words).where(before).order_by(latest).limit(at_most(limit))).all()
    texts = select(CaseText.case_id, CaseText.body, _BODY_WORDS.label("words"))
    newest = texts.where(before).order_by(latest).limit(at_most(WALK)).subquery()
    found = db.session.scalars(
        select(newest.c.case_id)
        .where(*_conditions(newest.c.body, newest.c.words, words))
        .order_by(newest.c.case_id.desc())
        .limit(at_most(limit))
    ).all()
    if len(found) >= limit:
        return found
    held = select(CaseText.case_id).where(before, *_conditions(CaseText.body, _BODY_WORDS, words))
    whole = held.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return db.session.scalars(select(whole.c.case_id).order_by(whole.c.case_id.desc()).limit(at_most(limit))).all()


def _is_absent(line: Line, words: list[str]) -> bool:
    """Whether a protected person's name was asked for: a text may hold it from before, or where they signed it."""
    if not line.owner_is_protected:
        return False
    name = _folded(f"{line.owner_first_names} {line.owner_last_name}")
    # Inflected, a word begins with the name but for its last letter.
    beginnings = tuple(part[:-1] for part in re.split(r"\W+", name) if len(part) >= SHORTEST)
    return any(_stem(word) in name or word.startswith(beginnings) for word in map(_folded, words))


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _conditions(body: Any, stems: Any, words: list[str]) -> Iterator[ColumnElement[bool]]:
    """PostgreSQL's conditions: each word in its inflected forms, or as a part of a compound."""
    for word in words:
        inflected = stems.op("@@")(func.plainto_tsquery("finnish", word))
        if len(word) < SHORTEST:
            yield inflected
        else:
            yield or_(inflected, body.ilike(f"%{_escaped(word)}%", escape="\\"))


def _found_on_sqlite(words: list[str]) -> Select[int]:
    """Each word as a part of the text; this database has no Finnish stemmer, so long words lose their ending."""
    long = [f'"{_stem(word)}"' for word in words if len(word) >= SHORTEST]
    statement = select(CaseText.case_id)
    if long:
        match = text("case_texts.case_id IN (SELECT rowid FROM case_search WHERE case_search MATCH :match)")
        statement = statement.where(match.bindparams(bindparam("match", " AND ".join(long))))
    for word in words:
        if len(word) < SHORTEST:
            statement = statement.where(CaseText.body.ilike(f"%{_escaped(word)}%", escape="\\"))
    return statement


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _stem(word: str) -> str:
    """Without its last letters, where a Finnish word is inflected; never shorter than five."""
    return word[: max(5, len(word) - 2)] if len(word) > 5 and word.isalpha() else word
