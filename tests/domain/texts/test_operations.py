"""The landlord's texts: published once, never changed, in force from their day on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from heka_portal import clock
from heka_portal.domain.errors import Changed, DetailNeeded, NotAllowed, NotFound
from heka_portal.domain.texts.operations import publish_text
from heka_portal.domain.texts.queries import get_latest, get_text, get_version, list_latest, list_versions
from heka_portal.domain.texts.rules import MAX_TEXT, earliest_day
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction, Language, TextKind
from tests.support.roles import World
from tests.support.sending import audited

FI, PRIVACY = Language.FINNISH, TextKind.PRIVACY
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def publish(
    world: World, body: str = "# Uusi", *, days: int = 0, follows: int = 1, role: str = "communications"
) -> int:
    version = publish_text(
        world.actor(role),
        kind=PRIVACY,
        language=FI,
        body=body,
        valid_from=clock.today() + timedelta(days=days),
        follows=follows,
    )
    db.session.commit()
    return version


@pytest.mark.parametrize("kind", TextKind)
@pytest.mark.parametrize("language", Language)
def test_each_text_is_there_from_the_beginning(app: Flask, kind: TextKind, language: Language) -> None:
    with app.app_context():
        text = get_text(kind, language, on=clock.today())
        assert text.version == 1
        assert text.body.startswith("# ")
        assert len(text.body) > 1500
        assert len(list_latest()) == len(TextKind) * len(Language)


def test_a_version_counts_from_its_day_on(app: Flask, world: World) -> None:
    with app.app_context():
        assert publish(world, "# Tuleva", days=5) == 2
        assert get_text(PRIVACY, FI, on=clock.today()).version == 1
        assert get_text(PRIVACY, FI, on=clock.today() + timedelta(days=4)).version == 1
        assert get_text(PRIVACY, FI, on=clock.today() + timedelta(days=5)).body == "# Tuleva"
        assert [line.version for line in list_versions(PRIVACY, FI)] == [2, 1]
        assert get_version(PRIVACY, FI, 1).body.startswith("# Kuka")
    assert audited(app) == [AuditAction.TEXT_PUBLISHED]


def test_other_languages_keep_their_own_version(app: Flask, world: World) -> None:
    with app.app_context():
        publish(world)
        latest = get_latest(PRIVACY, Language.SWEDISH)
        assert latest is not None
        assert latest.version == 1


def test_the_same_press_publishes_once(app: Flask, world: World) -> None:
    with app.app_context():
        assert publish(world, "# Sama", days=1) == 2
        assert publish(world, "# Sama", days=1) == 2
        assert len(list_versions(PRIVACY, FI)) == 2
    assert audited(app) == [AuditAction.TEXT_PUBLISHED]


def test_who_was_slower_is_told(app: Flask, world: World) -> None:
    with app.app_context():
        publish(world, "# Ensin")
        with pytest.raises(Changed):
            publish(world, "# Toinen")


@pytest.mark.parametrize(
    ("body", "days", "need"), [("  ", 0, "body"), ("x" * (MAX_TEXT + 1), 0, "body"), ("# A", -1, "valid_from")]
)
def test_what_cannot_be_published_is_named(app: Flask, world: World, body: str, days: int, need: str) -> None:
    with app.app_context(), pytest.raises(DetailNeeded) as refused:
        publish(world, body, days=days)
    assert refused.value.need == need


def test_a_version_does_not_come_before_the_one_it_follows(app: Flask, world: World) -> None:
    with app.app_context():
        publish(world, "# Tuleva", days=10)
        with pytest.raises(DetailNeeded):
            publish(world, "# Aiempi", days=3, follows=2)
        assert publish(world, "# Korjattu", days=10, follows=2) == 3


@pytest.mark.parametrize("role", ["clerk", "supervisor", "building_manager", "main_tenant"])
def test_others_publish_nothing(app: Flask, world: World, role: str) -> None:
    with app.app_context(), pytest.raises(NotAllowed):
        publish(world, role=role)


def test_an_unknown_version_is_not_found(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            get_version(PRIVACY, FI, 99)
        with pytest.raises(NotFound):
            get_text(PRIVACY, FI, on=date(2020, 1, 1))


@given(on=DAYS, latest=st.none() | DAYS)
def test_the_earliest_day_is_neither_past_nor_before_the_last_version(on: date, latest: date | None) -> None:
    day = earliest_day(on=on, latest=latest)
    assert day >= on
    assert latest is None or day >= latest
    assert day in {on, latest}


def test_first_versions_were_published_by_nobody(app: Flask) -> None:
    with app.app_context():
        assert get_version(PRIVACY, FI, 1).published_at == datetime(2026, 11, 24, tzinfo=UTC)
