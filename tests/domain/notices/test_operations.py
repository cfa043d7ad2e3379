"""A notice from its draft until it is over: who may write it, when residents see it, what ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.attachments.operations import ReceivedFile
from heka_portal.domain.errors import Changed, DetailNeeded, IllegalMove, NotAllowed, NotFound
from heka_portal.domain.notices.desk import count_readers, get_written, list_acknowledged, list_written
from heka_portal.domain.notices.mailing import queue_some
from heka_portal.domain.notices.operations import (
    acknowledge_notice,
    add_files,
    begin_correction,
    end_due,
    publish_notice,
    remove_file,
    rewrite_notice,
    tell_due,
    withdraw_notice,
    write_notice,
)
from heka_portal.domain.notices.queries import (
    get_correction,
    get_notice,
    list_new_notices,
    list_notices,
    mark_read,
)
from heka_portal.domain.notices.rules import Place
from heka_portal.extensions import db
from heka_portal.models.attachments import Attachment
from heka_portal.models.homes import Building
from heka_portal.models.notices import NoticeMailing
from heka_portal.models.outbox import OutboxMail
from heka_portal.vocabulary import FileState, FileType, Language, MailKind, MailState, NoticeKind, NoticeState
from tests.factories.homes import make_building
from tests.factories.notices import ALL, ENGLISH, SWEDISH, content, draft, told


@pytest.fixture
def writer(app, world):
    with app.app_context():
        yield world.actor("communications")


def read(actor, notice_id, *, now):
    db.session.commit()  # the footprint is a transaction of its own
    mark_read(actor, notice_id, now=now)


def ids(page):
    return [line.id for line in page.lines]


def seen_by(actor, **values):
    return ids(list_notices(actor, language="fi", now=clock.now(), **values))


def test_draft_is_seen_by_nobody_but_its_writers(writer, world):
    notice = draft(writer)
    assert seen_by(world.actor("main_tenant")) == []
    with pytest.raises(NotFound):
        get_notice(world.actor("main_tenant"), notice.id, now=clock.now())
    assert [line.id for line in list_written(writer, is_own=True)] == [notice.id]


def test_published_at_once_it_is_seen_and_mailed(writer, world):
    notice = told(writer)
    assert seen_by(world.actor("main_tenant")) == [notice.id]
    assert notice.state is NoticeState.PUBLISHED
    assert db.session.get_one(NoticeMailing, notice.id).kind is MailKind.NOTICE


def test_scheduled_it_is_told_when_its_time_comes(writer, world):
    now = clock.now()
    notice = draft(writer, visible_from=now + timedelta(hours=2))
    publish_notice(writer, notice, version=notice.version, now=now)
    assert notice.state is NoticeState.SCHEDULED
    assert seen_by(world.actor("resident")) == []
    assert tell_due(now=now + timedelta(hours=1)) == 0
    later = now + timedelta(hours=2)
    # A reader does not wait for the worker.
    assert ids(list_notices(world.actor("resident"), language="fi", now=later)) == [notice.id]
    assert tell_due(now=later) == 1
    assert (notice.state, notice.published_at) == (NoticeState.PUBLISHED, later)
    assert tell_due(now=later) == 0


def test_over_it_moves_to_the_archive(writer, world):
    now = clock.now()
    notice = told(writer, at=now - timedelta(days=3), visible_to=now - timedelta(days=1))
    actor = world.actor("main_tenant")
    assert seen_by(actor) == []
    assert seen_by(actor, is_over=True) == [notice.id]
    assert end_due(now=now) == 1
    assert notice.state is NoticeState.ENDED
    assert seen_by(actor, is_over=True) == [notice.id]
    assert get_notice(actor, notice.id, now=now).notice is notice


def test_withdrawn_it_is_in_no_list_and_its_page_says_so(writer, world):
    notice, actor = told(writer), world.actor("main_tenant")
    withdraw_notice(writer, notice, version=notice.version, now=clock.now())
    assert seen_by(actor) == seen_by(actor, is_over=True) == []
    assert get_notice(actor, notice.id, now=clock.now()).is_withdrawn
    assert db.session.get_one(NoticeMailing, notice.id).finished_at is not None
    with pytest.raises(IllegalMove):
        withdraw_notice(writer, notice, version=notice.version, now=clock.now())


def test_list_of_writers_has_the_title_of_the_first_language(writer):
    notice = draft(writer, words=ALL)
    assert [line.title for line in list_written(writer, is_own=True)] == [ALL[Language.FINNISH].title]
    rewrite_notice(
        writer,
        notice,
        content(words={Language.SWEDISH: SWEDISH, Language.ENGLISH: ENGLISH}),
        version=1,
        now=clock.now(),
    )
    assert [line.title for line in list_written(writer, is_own=True)] == [SWEDISH.title]


def mails_of(notice):
    asked = select(OutboxMail.account_id, OutboxMail.state).where(OutboxMail.params["notice"].as_integer() == notice.id)
    return {row.account_id: row.state for row in db.session.execute(asked)}


def queue_all():
    while queue_some(now=clock.now()):
        pass
    db.session.commit()


def test_withdrawn_its_mails_that_wait_are_called_back(writer, world):
    notices = [told(writer) for _ in range(12)]
    first, other = notices[0], notices[-1]
    queue_all()
    people = mails_of(first).keys()
    assert len(people) == 6
    going, gone, dead, *_waiting = sorted(people)
    states = {going: MailState.SENDING, gone: MailState.SENT, dead: MailState.DEAD}
    for mail in db.session.scalars(select(OutboxMail)):
        if mail.params["notice"] == first.id and mail.account_id in states:
            mail.state = states[mail.account_id]
    withdraw_notice(writer, first, version=first.version, now=clock.now())
    db.session.commit()
    assert mails_of(first) == states
    assert all(len(mails_of(each)) == 6 for each in notices[1:])
    assert set(mails_of(other).values()) == {MailState.WAITING}
    readers = count_readers(first)
    assert (readers.queued, readers.is_mailing_done) == (3, True)
    queue_all()
    assert mails_of(first) == states


def test_withdrawn_while_its_mails_are_put_in_no_more_come(writer, world):
    notice = told(writer)
    queue_some(now=clock.now(), limit=1)
    withdraw_notice(writer, notice, version=notice.version, now=clock.now())
    db.session.commit()
    queue_all()
    assert mails_of(notice) == {}
    assert count_readers(notice).queued == 0


def test_corrected_its_mails_that_wait_are_called_back(writer, world):
    notice = told(writer)
    queue_all()
    correction = begin_correction(writer, notice, now=clock.now())
    publish_notice(writer, correction, version=correction.version, now=clock.now())
    db.session.commit()
    queue_all()
    assert mails_of(notice) == {}
    assert len(mails_of(correction)) == 6


def test_withdrawn_before_it_was_told_nobody_knows_of_it(writer, world):
    notice = draft(writer)
    withdraw_notice(writer, notice, version=notice.version, now=clock.now())
    with pytest.raises(NotFound):
        get_notice(world.actor("main_tenant"), notice.id, now=clock.now())


def test_correction_takes_the_place_of_what_it_corrects(writer, world):
    original, actor, now = told(writer), world.actor("main_tenant"), clock.now()
    correction = begin_correction(writer, original, form_key="k" * 24, now=now)
    assert begin_correction(writer, original, form_key="k" * 24, now=now) is correction
    assert seen_by(actor) == [original.id]
    assert get_correction(original.id, now=now) is None
    publish_notice(writer, correction, version=correction.version, now=now)
    db.session.commit()
    assert seen_by(actor) == [correction.id]
    assert seen_by(actor, is_over=True) == [original.id]
    assert get_correction(original.id, now=clock.now()) == correction.id


def test_file_goes_when_no_notice_has_it_any_more(writer, world):
    original = draft(writer)
    file = ReceivedFile("quarantine/leaflet", "leaflet.pdf", FileType.PDF, 7, "0" * 64)
    add_files(writer, original, [file], language=None, now=clock.now())
    publish_notice(writer, original, version=original.version, now=clock.now())
    leaflet = db.session.scalars(select(Attachment)).one()
    correction = begin_correction(writer, original, now=clock.now())
    remove_file(writer, correction, leaflet.id)
    db.session.refresh(leaflet)
    assert leaflet.state is not FileState.DROPPED
    with pytest.raises(NotFound):
        remove_file(writer, correction, leaflet.id)
    other = draft(writer)
    add_files(writer, other, [file], language=None, now=clock.now())
    [own] = other.files
    dropped = own.attachment_id
    remove_file(writer, other, dropped)
    assert db.session.get_one(Attachment, dropped, populate_existing=True).state is FileState.DROPPED


def test_draft_cannot_be_corrected(writer):
    with pytest.raises(IllegalMove):
        begin_correction(writer, draft(writer), now=clock.now())


def test_changed_after_scheduling_it_waits_for_its_writer_again(writer, world):
    now = clock.now()
    notice = draft(writer, visible_from=now + timedelta(hours=2))
    publish_notice(writer, notice, version=notice.version, now=now)
    db.session.commit()
    notice = get_written(writer, notice.id, for_update=True)
    version = notice.version
    rewrite_notice(writer, notice, content(), version=version, now=now)
    db.session.commit()
    assert notice.state is NoticeState.DRAFT
    assert tell_due(now=now + timedelta(days=1)) == 0
    assert ids(list_notices(world.actor("resident"), language="fi", now=now + timedelta(hours=3))) == []
    with pytest.raises(Changed):
        rewrite_notice(writer, get_written(writer, notice.id), content(), version=version, now=now)


def test_what_is_told_is_not_rewritten(writer):
    notice = told(writer)
    with pytest.raises(IllegalMove):
        rewrite_notice(writer, notice, content(), version=notice.version, now=clock.now())


def test_same_form_makes_one_notice(writer):
    first = write_notice(writer, content(), now=clock.now(), form_key="x" * 24)
    assert write_notice(writer, content(), now=clock.now(), form_key="x" * 24) is first


def test_meeting_needs_its_hour(writer):
    notice = draft(writer, kind=NoticeKind.MEETING)
    with pytest.raises(DetailNeeded, match="happens_from"):
        publish_notice(writer, notice, version=notice.version, now=clock.now())


def test_manager_writes_to_their_buildings_only(app, world):
    with app.app_context():
        manager, other = world.actor("building_manager"), make_building()
        own = Place(building_id=world.building_id)
        notice = told(manager, own)
        assert seen_by(world.actor("neighbour")) == [notice.id]
        for place in (Place(building_id=other.id), Place(region_id=world.region_id), Place()):
            with pytest.raises(NotAllowed):
                write_notice(manager, content(own, place), now=clock.now())


@pytest.mark.parametrize("role", ["clerk", "contractor", "finance", "administrator", "main_tenant"])
def test_others_write_none(app, world, role):
    with app.app_context():
        actor = world.actor(role)
        with pytest.raises(NotAllowed):
            write_notice(actor, content(), now=clock.now())
        with pytest.raises(NotAllowed):
            list_written(actor, is_own=True)


def test_manager_works_on_notices_of_their_buildings_and_on_no_others(writer, world):
    here, everywhere = told(writer, Place(building_id=world.building_id)), told(writer)
    manager = world.actor("building_manager")
    assert get_written(manager, here.id) is here
    assert [line.id for line in list_written(manager, is_own=False)] == [here.id]
    assert list_written(manager, is_own=True) == []
    with pytest.raises(NotFound):
        get_written(manager, everywhere.id)


def test_manager_who_manages_no_more_cannot_tell_it(app, world):
    with app.app_context():
        manager = world.actor("building_manager")
        notice = draft(manager, Place(building_id=world.building_id))
        db.session.get_one(Building, world.building_id).manager_email = "other@example.fi"
        db.session.flush()
        with pytest.raises(NotAllowed):
            publish_notice(manager, notice, version=notice.version, now=clock.now())


def test_unread_comes_first_then_the_urgent_and_pinned_then_the_latest(writer, world):
    at = [clock.now() - timedelta(hours=each) for each in range(1, 6)]
    plain, pinned = told(writer, at=at[0]), told(writer, at=at[1], is_pinned=True)
    urgent, known = told(writer, at=at[2], is_urgent=True), told(writer, at=at[3], is_pinned=True)
    actor = world.actor("main_tenant")
    read(actor, known.id, now=clock.now())
    assert seen_by(actor) == [pinned.id, urgent.id, plain.id, known.id]
    assert [line.id for line in list_new_notices(actor, 5, language="fi")] == [urgent.id, pinned.id, plain.id]


def test_page_follows_page_without_gap_or_repeat(writer, world):
    made = [told(writer, is_pinned=each % 3 == 0).id for each in range(7)]
    actor = world.actor("main_tenant")
    for each in made[:3]:
        read(actor, each, now=clock.now())
    for is_over in (False, True):
        now = clock.now() + timedelta(days=60 if is_over else 0)
        found, after = [], None
        while True:
            page = list_notices(actor, language="fi", now=now, is_over=is_over, after=after, limit=2)
            found += ids(page)
            after = page.next
            if after is None:
                break
        assert sorted(found) == sorted(made)
        assert found == ids(list_notices(actor, language="fi", now=now, is_over=is_over))


def test_narrowed_to_a_kind(writer, world):
    told(writer)
    works = told(writer, kind=NoticeKind.WORKS)
    assert seen_by(world.actor("main_tenant"), kind=NoticeKind.WORKS) == [works.id]


def test_missing_language_is_said_never_silent(writer, world):
    told(writer)
    [line] = list_notices(world.actor("main_tenant"), language="sv", now=clock.now()).lines
    assert line.language is Language.FINNISH
    whole = told(writer, words=content().words)
    lines = {line.id: line for line in list_notices(world.actor("main_tenant"), language="sv", now=clock.now()).lines}
    assert lines[whole.id].language is Language.SWEDISH


def test_acknowledged_once_with_its_first_moment(writer, world):
    notice, actor = told(writer, asks_acknowledgement=True), world.actor("main_tenant")
    first = clock.now()
    read(actor, notice.id, now=first)
    assert [line.waits for line in list_new_notices(actor, 5, language="fi")] == [True]
    for later in (first + timedelta(minutes=1), first + timedelta(minutes=9)):
        acknowledge_notice(actor, get_notice(actor, notice.id, now=later), now=later)
        db.session.commit()
    [line] = list_acknowledged(notice)
    assert line.at == first + timedelta(minutes=1)
    assert list_new_notices(actor, 5, language="fi") == []
    figures = count_readers(notice)
    assert (figures.read, figures.acknowledged) == (1, 1)


def test_names_are_given_only_where_they_were_asked_for(writer, world):
    notice, actor = told(writer), world.actor("main_tenant")
    read(actor, notice.id, now=clock.now())
    with pytest.raises(IllegalMove):
        acknowledge_notice(actor, get_notice(actor, notice.id, now=clock.now()), now=clock.now())
    with pytest.raises(NotFound):
        list_acknowledged(notice)
    assert count_readers(notice).read == 1
