from datetime import timedelta

import pytest
from sqlalchemy import func, or_, select

from devtools.demo import stories
from devtools.demo.cast import PASSWORD
from devtools.demo.history import loading
from devtools.demo.history.indexes import read_pieces
from devtools.demo.history.loading import NotEmpty, load_history
from devtools.demo.history.moments import midnight
from devtools.demo.history.rows import SHEETS
from devtools.demo.telling import Teller
from heka_portal import clock
from heka_portal.domain.accounts.operations.passwords import fits
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, Contractor, StaffMember
from heka_portal.models.attachments import Attachment
from heka_portal.models.cases import Case, CaseEvent, CaseParticipant, CaseText
from heka_portal.models.defects import Defect
from heka_portal.vocabulary import DefectState, FileState, ParticipantRole, StaffRole, Verb, Visibility
from heka_portal.web.files import storage
from tests.devtools.demo.history.replay import columns_of, lines_of, people_of, replay, words_of

TABLES = [sheet.table for sheet in SHEETS]


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_the_domain_would_have_written_the_same(landlord, load):
    assert load(180) == 180
    with landlord.app_context():
        teller = Teller()
        for defect_id in db.session.scalars(select(Defect.id).order_by(Defect.id)).all():
            defect = db.session.get_one(Defect, defect_id)
            again = replay(defect, teller)
            assert lines_of(again) == lines_of(defect)
            assert columns_of(again) == columns_of(defect)
            assert words_of(again) == words_of(defect)
            assert people_of(again) == people_of(defect)


def test_each_case_has_all_its_rows(landlord, load):
    load(2500)
    with landlord.app_context():
        assert count(Case) == count(Defect) == count(CaseText) == 2500
        assert count(CaseParticipant, CaseParticipant.role == ParticipantRole.OWNER) == 2500
        assert count(CaseParticipant, CaseParticipant.role == ParticipantRole.FOLLOWER) > 20
        assert 2500 * 4.5 < count(CaseEvent) < 2500 * 6
        assert set(db.session.scalars(select(Case.state).distinct())) == set(DefectState)
        is_public = CaseEvent.visibility == Visibility.EVERYONE
        assert not db.session.execute(
            select(Case.id)
            .join(CaseEvent, CaseEvent.case_id == Case.id)
            .group_by(Case.id)
            .having(
                or_(
                    func.max(CaseEvent.id) != Case.last_event_id,
                    func.max(CaseEvent.at) != Case.last_event_at,
                    func.max(db.case((is_public, CaseEvent.id))) != Case.last_public_event_id,
                )
            )
        ).all()
        assert db.session.scalars(select(func.max(CaseEvent.at))).one() < midnight(clock.today())
        assert count(Case, Case.closed_at.is_(None), Case.state == DefectState.DONE, Case.due_at < clock.now()) < 3


def test_most_open_cases_are_in_time_and_some_are_late(landlord, load):
    load(2500)
    with landlord.app_context():
        is_open = Case.closed_at.is_(None)
        open_cases = count(Case, is_open)
        assert 2500 * 0.03 < open_cases < 2500 * 0.1
        assert 0.03 < count(Case, is_open, Case.due_at < clock.now()) / open_cases < 0.25
        assert count(Case, is_open, Case.paused_at.is_not(None)) > 20
        assert count(Case, is_open, Case.handler_id.is_not(None)) > 5


def test_pictures_belong_to_lines_that_residents_see(landlord, load):
    load(500)
    with landlord.app_context():
        files = db.session.execute(
            select(Attachment, CaseEvent)
            .join(CaseEvent, (CaseEvent.id == Attachment.event_id) & (CaseEvent.case_id == Attachment.case_id))
            .where(CaseEvent.verb.in_((Verb.OPENED, Verb.SAID)), CaseEvent.actor_id == Attachment.uploaded_by_id)
        ).all()
        assert len(files) == count(Attachment)
        assert 0.2 < len({file.case_id for file, _ in files}) / 500 < 0.4
        for file, event in files:
            assert file.state is FileState.READY
            assert file.created_at == event.at
        for key in {key for file, _ in files for key in (file.storage_key, file.preview_key)}:
            assert storage().exists(str(key))


def test_accounts_and_staff_share_the_demos_password(landlord, load):
    load(10)
    with landlord.app_context():
        assert count(StaffMember, StaffMember.role == StaffRole.CLERK) > 40
        assert count(Contractor) >= 30
        hashes = set(db.session.scalars(select(Account.password_hash).where(Account.password_hash.is_not(None))))
        assert len(hashes) == 2  # the cast's, and everybody else's
        assert all(fits(PASSWORD, one) for one in hashes)


def test_cases_come_after_those_of_the_history(landlord, load):
    load(50)
    with landlord.app_context():
        last_event = db.session.scalars(select(func.max(CaseEvent.id))).one()
        stories.tell_all()
        assert db.session.scalar(select(func.min(Case.id)).where(Case.id > 50)) == 51
        first_told = select(func.min(CaseEvent.id)).where(CaseEvent.case_id > 50)
        assert db.session.scalars(first_told).one() > last_event


def test_a_history_begins_an_empty_portal(landlord, load):
    load(3)
    with pytest.raises(NotEmpty):
        load(3)


def test_what_ends_the_loading_leaves_no_case_and_every_index(landlord, load):
    def stop(amount):
        raise KeyboardInterrupt

    with landlord.app_context():
        before = pieces()
        with pytest.raises(KeyboardInterrupt):
            load_history(20, today=clock.today(), put=storage().put, tell=print, count=stop)
        db.session.rollback()
        assert count(Case) == count(CaseEvent) == 0
        assert pieces() == before
    assert load(20) == 20


def test_indexes_and_keys_are_the_same_afterwards(landlord, load):
    with landlord.app_context():
        before = pieces()
    load(20)
    with landlord.app_context():
        assert pieces() == before


def pieces():
    """What the tables have; SQLite's stay on, and are asked for by their text."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            return read_pieces(connection, TABLES)
        return connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"
        ).all()


def test_events_of_many_cases_are_numbered_in_the_order_of_time(landlord, load, monkeypatch):
    monkeypatch.setattr(loading, "AT_ONCE", 40)
    load(120)
    with landlord.app_context():
        for first in (1, 41, 81):
            page = CaseEvent.case_id.between(first, first + 39)
            moments = db.session.scalars(select(CaseEvent.at).where(page).order_by(CaseEvent.id)).all()
            assert moments == sorted(moments)
        ids = db.session.scalars(select(CaseEvent.id).order_by(CaseEvent.id)).all()
        assert ids == list(range(1, len(ids) + 1))
        assert max(moments) > midnight(clock.today()) - timedelta(days=60)
