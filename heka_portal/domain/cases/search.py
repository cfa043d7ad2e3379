"""Find cases by number, resident, address and words, each database by its own index; for customer service only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import starmap

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, text, true

from heka_portal.database import at_most
from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Line, with_names
from heka_portal.domain.cases.words import SHORTEST, folded, searchable, stems_of
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseText

PAGE = 25
MAX_WORDS = 8
#: how far back, in ids of cases, is looked before the index is asked for all: some 7 ms, and 100 ms of the database
SPANS = (2_000, 25_000)
_NUMBER = re.compile(r"^\d{3}[\s\u00a0]?\d{3}[\s\u00a0]?\d{3}$")

Stems = tuple[str, ...]


def words_of(asked: str) -> list[str]:
    """The words of a search, at most eight, folded: nothing in them is a sign of a query language."""
    return folded(asked).split()[:MAX_WORDS]


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
    words = [stems_of(word) for word in words_of(asked)]
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


def _ids(words: list[Stems], before_id: int | None, limit: int) -> Sequence[int]:
    """The latest cases that hold the words.

    A common word is found among the newest texts at once, where an index would give all of it to be sorted; one that
    only older cases have, as of their repair, some way back. For a rare one the index is asked, and the walk through
    the texts, which would not end, is not left to the planner.
    """
    latest = CaseText.case_id.desc()
    if db.engine.dialect.name != "postgresql":
        before = true() if before_id is None else CaseText.case_id < before_id
        return db.session.scalars(_found_on_sqlite(words).where(before).order_by(latest).limit(at_most(limit))).all()
    _plan_for_the_words()
    if before_id is None:
        before_id = (db.session.scalar(select(func.max(CaseText.case_id))) or 0) + 1
    held = select(CaseText.case_id).where(CaseText.case_id < before_id, _holds(words))
    for span in SPANS:
        near = held.where(CaseText.case_id >= before_id - span).order_by(latest).limit(at_most(limit))
        found = db.session.scalars(near).all()
        if len(found) >= limit:
            return found
    whole = held.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return db.session.scalars(select(whole.c.case_id).order_by(whole.c.case_id.desc()).limit(at_most(limit))).all()


def _plan_for_the_words() -> None:
    """Let PostgreSQL look at the words of this search: of a plan kept for any words it knows no index to be good."""
    db.session.execute(select(func.set_config("plan_cache_mode", "force_custom_plan", true())))


def _is_absent(line: Line, words: list[Stems]) -> bool:
    """Whether a protected person's name was asked for: a text may hold it from before, or where they signed it."""
    if not line.owner_is_protected:
        return False
    name = searchable(f"{line.owner_first_names} {line.owner_last_name}")
    beginnings = tuple(stem for part in name.split() if len(part) >= SHORTEST for stem in stems_of(part))
    return any(stem in name or stem.startswith(beginnings) for stems in words for stem in stems)


def _holds(words: list[Stems]) -> ColumnElement[bool]:
    """PostgreSQL's condition: of each word one of its stems.

    As patterns, which its index of trigrams joins inside one scan: of many LIKEs it makes a bitmap each.
    """
    return and_(*(CaseText.folded.regexp_match("|".join(stems)) for stems in words))


def _found_on_sqlite(words: list[Stems]) -> Select[int]:
    """The same by SQLite's index of trigrams."""
    match = " AND ".join("(" + " OR ".join(f'"{stem}"' for stem in stems) + ")" for stems in words)
    held = text("case_texts.case_id IN (SELECT rowid FROM case_search WHERE case_search MATCH :match)")
    return select(CaseText.case_id).where(held.bindparams(bindparam("match", match)))
