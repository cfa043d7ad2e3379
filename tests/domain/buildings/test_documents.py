"""Documents are added and taken away by who manages the building; those for everyone by who keeps all buildings."""

from __future__ import annotations

import pytest
from flask import Flask

from heka_portal import clock
from heka_portal.domain.attachments.operations import ReceivedFile
from heka_portal.domain.attachments.preparation import remove_dropped
from heka_portal.domain.buildings.documents import (
    MOST_DOCUMENTS,
    NewDocument,
    ShelfFull,
    add_document,
    get_kept_file,
    get_own_file,
    list_kept_documents,
    remove_document,
)
from heka_portal.domain.errors import NotAllowed, NotFound
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.vocabulary import DocumentAudience, DocumentKind, FileType, Language
from tests.factories.buildings import make_document
from tests.factories.homes import make_building
from tests.support.roles import World

NOW = clock.now()
FILE = ReceivedFile("quarantine/rules", "saannot.pdf", FileType.PDF, 7, "0" * 64)
RULES = NewDocument(DocumentKind.HOUSE_RULES, DocumentAudience.RESIDENTS, Language.FINNISH, "Järjestyssäännöt")
FOR_ALL = NewDocument(DocumentKind.MOVING_GUIDE, DocumentAudience.EVERYONE, Language.FINNISH, "Muutto-opas")


def test_document_is_added_once_for_each_form(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        for _press in range(2):
            add_document(manager, world.building_id, RULES, file=FILE, form_key="k" * 30, now=NOW)
        assert [line.title_fi for line in list_kept_documents(world.building_id)] == ["Järjestyssäännöt"]


def test_document_for_everyone_is_for_who_keeps_all_buildings(app: Flask, world: World) -> None:
    with app.app_context():
        with pytest.raises(NotAllowed):
            add_document(
                world.actor("building_manager"), world.building_id, FOR_ALL, file=FILE, form_key="a" * 30, now=NOW
            )
        add_document(world.actor("supervisor"), world.building_id, FOR_ALL, file=FILE, form_key="b" * 30, now=NOW)
        [everyones] = list_kept_documents(make_building().id)
        with pytest.raises(NotAllowed):
            remove_document(world.actor("building_manager"), everyones.id, now=NOW)


def test_no_more_documents_than_a_page_lists(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        for _each in range(MOST_DOCUMENTS):
            document = make_document(world.building_id, manager.account_id)
        with pytest.raises(ShelfFull):
            add_document(manager, world.building_id, RULES, file=FILE, form_key="d" * 30, now=NOW)
        remove_document(manager, document.id, now=NOW)
        add_document(manager, world.building_id, RULES, file=FILE, form_key="d" * 30, now=NOW)
        assert len(list_kept_documents(world.building_id)) == MOST_DOCUMENTS


def test_removed_document_is_gone_with_its_file(app: Flask, world: World) -> None:
    with app.app_context():
        manager = world.actor("building_manager")
        document = make_document(world.building_id, manager.account_id)
        assert remove_document(manager, document.id, now=NOW) == world.building_id
        db.session.commit()
        deleted: list[str] = []
        assert remove_dropped(deleted.append) == 1
        assert db.session.scalars(db.select(Attachment)).all() == []
        for gone in (
            lambda: get_own_file(world.actor("main_tenant"), world.building_id, document.id),
            lambda: get_kept_file(manager, document.id),
            lambda: remove_document(manager, document.id, now=NOW),
        ):
            with pytest.raises(NotFound):
                gone()


def test_another_buildings_document_is_not_opened_through_ones_own(app: Flask, world: World) -> None:
    with app.app_context():
        clerk = world.actor("clerk")
        theirs = make_document(make_building().id, clerk.account_id)
        tenants = make_document(world.building_id, clerk.account_id, audience=DocumentAudience.MAIN_TENANTS)
        with pytest.raises(NotFound):
            get_own_file(world.actor("main_tenant"), world.building_id, theirs.id)
        with pytest.raises(NotFound):
            get_own_file(world.actor("resident"), world.building_id, tenants.id)
        assert get_own_file(world.actor("main_tenant"), world.building_id, tenants.id).id == tenants.attachment_id


def test_manager_of_another_building_neither_adds_nor_removes(app: Flask, world: World) -> None:
    with app.app_context():
        manager, elsewhere = world.actor("building_manager"), make_building().id
        document = make_document(elsewhere, world.account_ids["supervisor"])
        with pytest.raises(NotAllowed):
            add_document(manager, elsewhere, RULES, file=FILE, form_key="c" * 30, now=NOW)
        with pytest.raises(NotAllowed):
            remove_document(manager, document.id, now=NOW)
