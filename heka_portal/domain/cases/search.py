"""Find cases by number, resident, address and words, each database by its own index; for customer service only."""

from __future__ import annotations

import re
import unicodedata
from itertools import starmap
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, or_, select, text

from heka_portal.domain.access import Actor, Permission
from heka_portal.domain.cases.inbox import Line, with_names
from heka_portal.domain.errors import NotAllowed
from heka_portal.extensions import db
from heka_portal.models.cases import Case, CaseText

PAGE = 25
MAX_WORDS = 8
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
        ids = _found(words).order_by(CaseText.case_id.desc()).limit(limit)
        page = _lines(ids if before_id is None else ids.where(CaseText.case_id < before_id))
        found += [line for line in page if not _is_absent(line, words)]
        if len(page) < limit:
            break
        before_id = page[-1].id
    return found[:limit]


def _lines(ids: Select[int]) -> list[Line]:
    return list(starmap(Line, db.session.execute(with_names(ids.subquery().select(), Case.id.desc()))))


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


def _found(words: list[str]) -> Select[int]:
    if db.engine.dialect.name == "postgresql":
        return _found_on_postgresql(words)
    return _found_on_sqlite(words)


def _found_on_postgresql(words: list[str]) -> Select[int]:
    """Each word in its inflected forms, or as a part of a compound."""
    statement = select(CaseText.case_id)
    for word in words:
        inflected = _BODY_WORDS.op("@@")(func.plainto_tsquery("finnish", word))
        if len(word) < SHORTEST:
            statement = statement.where(inflected)
        else:
            statement = statement.where(or_(inflected, CaseText.body.ilike(f"%{_escaped(word)}%", escape="\\")))
    return statement


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
