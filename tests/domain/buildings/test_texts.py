"""Texts of a building: each language by itself, and nobody writes over another's words unseen."""

from __future__ import annotations

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.buildings.texts import list_shown_texts, read_texts, texts_fingerprint, write_texts
from heka_portal.domain.errors import Changed, NotAllowed
from heka_portal.extensions import db
from heka_portal.models.audit import AuditLine
from heka_portal.vocabulary import AuditAction, BuildingTextKind, Language
from tests.factories.buildings import make_text
from tests.factories.homes import make_building
from tests.support.roles import World

FI, SV, EN = Language.FINNISH, Language.SWEDISH, Language.ENGLISH
WASTE = BuildingTextKind.WASTE
NOW = clock.now()


def test_texts_are_written_changed_and_taken_away(app: Flask, world: World) -> None:
    with app.app_context():
        manager, here = world.actor("building_manager"), world.building_id
        drawn_from = texts_fingerprint({})
        for texts in ({FI: "Katos", SV: "Skjul"}, {FI: "Katos B", EN: "Shed"}, {}):
            write_texts(manager, here, kind=WASTE, texts=texts, drawn_from=drawn_from, now=NOW)
            assert read_texts(here).get(WASTE, {}) == texts
            drawn_from = texts_fingerprint(texts)
        db.session.commit()
        lines = db.session.scalars(db.select(AuditLine).where(AuditLine.action == AuditAction.BUILDING_CHANGED)).all()
        assert [line.data for line in lines] == [{"building": here, "text": "waste"}] * 3


def test_who_was_slower_writes_over_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        manager, here = world.actor("building_manager"), world.building_id
        seen = texts_fingerprint({})
        write_texts(manager, here, kind=WASTE, texts={FI: "Ensin"}, drawn_from=seen, now=NOW)
        with pytest.raises(Changed):
            write_texts(manager, here, kind=WASTE, texts={FI: "Sitten"}, drawn_from=seen, now=NOW)
        assert read_texts(here)[WASTE] == {FI: "Ensin"}


@pytest.mark.parametrize("role", ["clerk", "finance", "communications", "main_tenant"])
def test_others_write_nothing(app: Flask, world: World, role: str) -> None:
    with app.app_context(), pytest.raises(NotAllowed):
        write_texts(
            world.actor(role), world.building_id, kind=WASTE, texts={}, drawn_from=texts_fingerprint({}), now=NOW
        )


def test_another_building_is_not_the_managers(app: Flask, world: World) -> None:
    with app.app_context(), pytest.raises(NotAllowed):
        write_texts(world.actor("building_manager"), make_building().id, kind=WASTE, texts={}, drawn_from="", now=NOW)


@pytest.mark.parametrize(
    ("there", "asked", "shown"),
    [
        ((FI, SV, EN), "sv", SV),
        ((FI, EN), "sv", FI),
        ((SV,), "en", SV),
        ((EN, SV), "fi", SV),
    ],
)
def test_what_is_missing_in_a_language_is_shown_in_another_that_is_named(
    app: Flask, world: World, there: tuple[Language, ...], asked: str, shown: Language
) -> None:
    with app.app_context():
        for language in there:
            make_text(world.building_id, world.account_ids["clerk"], language=language, text=f"in {language}")
        [text] = list_shown_texts(world.building_id, asked)
        assert (text.language, text.text) == (shown, f"in {shown}")
