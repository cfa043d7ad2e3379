"""A resident's notices in the browser: read marks, acknowledgement, files, languages, and what is not theirs."""

import pytest

from heka_portal import clock
from heka_portal.domain.notices.desk import get_written
from heka_portal.domain.notices.operations import withdraw_notice
from heka_portal.domain.notices.rules import Place, Words
from heka_portal.extensions import db
from heka_portal.models.notices import NoticeReading
from heka_portal.vocabulary import Language
from tests.factories.homes import make_building
from tests.factories.notices import ALL, FINNISH, told
from tests.support.forms import find_form

ENGLISH_TITLE = ALL[Language.ENGLISH].title


@pytest.fixture
def tell(app, world):
    """Tell a notice and get its number."""

    def telling(*places, **values):
        with app.app_context():
            return told(world.actor("supervisor"), *places, **{"words": ALL, **values}).id

    return telling


def readings(app):
    with app.app_context():
        return [(each.notice_id, each.acknowledged_at) for each in db.session.scalars(db.select(NoticeReading))]


def test_notice_is_unread_until_it_is_opened(app, client_for, tell):
    number, client = tell(), client_for("main_tenant")
    assert "unread" in client.get("/notices?lang=en").text
    assert ENGLISH_TITLE in client.get(f"/notices/{number}").text
    assert [notice for notice, _at in readings(app)] == [number]
    client.get(f"/notices/{number}")
    assert len(readings(app)) == 1
    assert ", unread" not in client.get("/notices").text


def test_words_are_markdown_and_inert(client_for, tell):
    words = {Language.FINNISH: Words("Otsikko <b>", "**Vahva** <script>alert(1)</script>\n\n# Väliotsikko")}
    page = client_for("main_tenant").get(f"/notices/{tell(words=words)}?lang=fi").text
    assert "<strong>Vahva</strong>" in page
    assert "<h2>Väliotsikko</h2>" in page
    assert "<script>alert" not in page
    assert "Otsikko &lt;b&gt;" in page


def test_other_language_is_marked_and_said(client_for, tell):
    number, client = tell(words={Language.FINNISH: FINNISH}), client_for("main_tenant")
    page = client.get(f"/notices/{number}?lang=sv").text
    assert f'<h1 lang="fi">{FINNISH.title}</h1>' in page
    assert "Det finns inte på svenska" in page
    assert 'lang="fi"' in client.get("/notices").text


def test_another_language_can_be_read(client_for, tell):
    number, client = tell(), client_for("main_tenant")
    assert "in=sv" in client.get(f"/notices/{number}?lang=fi").text
    assert ALL[Language.SWEDISH].title in client.get(f"/notices/{number}?lang=fi&in=sv").text


def test_reader_confirms_once(app, client_for, tell):
    number, client = tell(asks_acknowledgement=True), client_for("main_tenant")
    target, fields = find_form(client.get(f"/notices/{number}"), "/acknowledge")
    assert client.post(target, data=fields).status_code == 303
    assert client.post(target, data=fields).status_code == 303
    [(_number, acknowledged_at)] = readings(app)
    assert acknowledged_at is not None
    assert "/acknowledge" not in client.get(f"/notices/{number}").text


def test_notice_of_another_building_is_not_found(app, client_for, tell):
    with app.app_context():
        elsewhere = Place(building_id=make_building().id)
        db.session.commit()
    number, client = tell(elsewhere, asks_acknowledgement=True), client_for("main_tenant")
    token = find_form(client.get("/account/password"))[1]["csrf_token"]
    assert client.get(f"/notices/{number}").status_code == 404
    assert client.post(f"/notices/{number}/acknowledge", data={"csrf_token": token}).status_code == 404
    assert readings(app) == []


def test_withdrawn_notice_says_so_without_its_words(app, client_for, tell, world):
    number = tell()
    with app.app_context():
        supervisor = world.actor("supervisor")
        notice = get_written(supervisor, number)
        withdraw_notice(supervisor, notice, version=notice.version, now=clock.now())
        db.session.commit()
    page = client_for("main_tenant").get(f"/notices/{number}?lang=en").text
    assert "taken back" in page
    assert "from 8 to 10" not in page


def test_urgent_notice_stands_on_the_home_page_until_it_is_read(client_for, tell):
    number, client = tell(is_urgent=True), client_for("main_tenant")
    assert "Urgent:" in client.get("/home?lang=en").text
    client.get(f"/notices/{number}")
    assert "Urgent:" not in client.get("/home").text


def test_former_tenant_is_told_who_may_read(client_for):
    assert client_for("former_tenant").get("/notices").status_code == 403


@pytest.mark.parametrize("word", ["nothing", "9-1-1", "0--1", "0-99999999999999999-1", "0-1-1" + "0" * 30])
def test_unreadable_place_in_the_list_begins_at_the_top(client_for, tell, word):
    tell()
    assert ENGLISH_TITLE in client_for("main_tenant").get(f"/notices?lang=en&after={word}").text


def test_question_is_offered_to_who_may_write(client_for, tell):
    number = tell()
    page = client_for("main_tenant").get(f"/notices/{number}?lang=en").text
    assert f"/messages/new?notice={number}" in page
