"""Notices written in the workbench: from the form to the page that residents read."""

import io
from datetime import timedelta

import pytest

from heka_portal import clock
from heka_portal.extensions import db
from heka_portal.models.homes import Building
from heka_portal.models.notices import Notice, NoticeMailing
from heka_portal.vocabulary import NoticeState
from tests.factories.files import jpeg
from tests.support.forms import find_form, submit

WRITE = "/admin/notices/write/"


def address(app, world):
    with app.app_context():
        return db.session.get_one(Building, world.building_id).street_address


@pytest.fixture
def words(app, world):
    """What is typed into the form."""
    return {
        "kind": "works",
        "title_fi": "Porrashuoneet maalataan",
        "body_fi": "Työ alkaa **maanantaina**.",
        "scope": "buildings",
        "buildings": address(app, world),
    }


def only_notice(app):
    with app.app_context():
        return db.session.scalars(db.select(Notice)).one()


def test_notice_goes_from_the_form_to_its_readers(app, client_for, words):
    manager, resident = client_for("building_manager"), client_for("neighbour")
    answer = submit(manager, WRITE, **words)
    assert answer.status_code == 303
    page = manager.get(f"{answer.location}?lang=en").text
    assert "<strong>maanantaina</strong>" in page
    assert "Tiedote: Porrashuoneet maalataan" in page
    assert "6 people read it here" in page
    assert words["title_fi"] not in resident.get("/notices").text
    assert submit(manager, answer.location, "/publish/").status_code == 303
    assert words["title_fi"] in resident.get("/notices").text
    with app.app_context():
        assert db.session.scalars(db.select(NoticeMailing)).one().finished_at is None


def test_scheduled_notice_waits(app, client_for, words):
    manager = client_for("building_manager")
    next_year = (clock.today() + timedelta(days=365)).isoformat()
    answer = submit(manager, WRITE, from_on=next_year, **words)
    submit(manager, answer.location, "/publish/")
    assert only_notice(app).state is NoticeState.SCHEDULED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": ""}, "Choose a kind"),
        ({"title_fi": "", "body_fi": ""}, "Write the notice in at least one language"),
        ({"body_fi": ""}, "Write the text too"),
        ({"title_sv": "Rubrik"}, "Write the text too"),
        ({"buildings": "Olematon katu 1"}, "We do not know this building or staircase"),
        ({"buildings": ""}, "Write the address of at least one building"),
        ({"from_on": "2027-02-02", "to_on": "2027-02-01"}, "The last day comes after the first one"),
        ({"happens_on": "2027-02-02", "happens_at": "12:00", "happens_until": "11:00"}, "It ends after it begins"),
        ({"scope": "everyone"}, "Choose one of the options"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, client_for, words, typed, said):
    client = client_for("building_manager")
    client.get("/admin/notices/?lang=en")
    answer = submit(client, WRITE, **{**words, **typed})
    assert answer.status_code == 200
    assert said in answer.text
    kept = {**words, **typed}["title_fi"] or {**words, **typed}["buildings"]
    assert kept in answer.text


def test_staircases_are_read_after_a_colon(app, client_for, words):
    typed = {**words, "buildings": f"{words['buildings']}: c"}
    answer = submit(client_for("building_manager"), WRITE, **typed)
    assert ", staircase C" in client_for("building_manager").get(f"{answer.location}?lang=en").text


def test_same_form_sent_twice_makes_one_notice(app, client_for, words):
    client = client_for("building_manager")
    _target, fields = find_form(client.get(WRITE))
    for _ in range(2):
        assert client.post(WRITE, data={**fields.to_dict(), **words}).status_code == 303
    only_notice(app)


def test_meeting_called_late_is_said(client_for, words):
    client = client_for("building_manager")
    soon = (clock.today() + timedelta(days=1)).isoformat()
    typed = {**words, "kind": "meeting", "happens_on": soon, "happens_at": "23:59"}
    answer = submit(client, WRITE, **typed)
    assert "less than 14 days" in client.get(f"{answer.location}?lang=en").text


def test_text_is_kept_where_somebody_was_faster(app, client_for, words):
    client = client_for("building_manager")
    path = f"{submit(client, WRITE, **words).location}edit/"
    _target, fields = find_form(client.get(path))
    assert client.post(path, data={**fields.to_dict(), "title_fi": "Ensimmäinen"}).status_code == 303
    answer = client.post(path, data={**fields.to_dict(), "title_fi": "Toinen"})
    assert answer.status_code == 409
    assert "Toinen" in answer.text
    # What is sent now has seen what came meanwhile.
    _target, fields = find_form(answer)
    assert client.post(path, data=fields.to_dict()).status_code == 303


def test_notice_is_corrected_and_taken_back(app, client_for, words):
    manager, resident = client_for("building_manager"), client_for("neighbour")
    first = submit(manager, WRITE, **words).location
    submit(manager, first, "/publish/")
    edit = submit(manager, first, "/correct/").location
    second = submit(manager, edit, title_fi="Korjattu otsikko").location
    submit(manager, second, "/publish/")
    page = resident.get("/notices").text
    assert "Korjattu otsikko" in page
    assert words["title_fi"] not in page
    assert submit(manager, second, "/withdraw/").status_code == 303
    assert "Korjattu otsikko" not in resident.get("/notices").text


def test_old_button_changes_nothing(app, client_for, words):
    manager = client_for("building_manager")
    path = submit(manager, WRITE, **words).location
    assert submit(manager, path, "/publish/", version="99").status_code == 409
    assert only_notice(app).state is NoticeState.DRAFT


def test_file_hangs_on_the_notice_and_can_be_taken_off(app, client_for, words):
    manager = client_for("building_manager")
    path = submit(manager, WRITE, files=(io.BytesIO(jpeg()), "ohje.jpg"), **words).location
    assert "ohje.jpg" in manager.get(path).text
    assert submit(manager, f"{path}edit/", "/remove/").status_code == 303
    assert "ohje.jpg" not in manager.get(path).text


def test_communications_write_to_everybody(app, client_for, words):
    client = client_for("communications")
    path = submit(client, WRITE, **{**words, "scope": "everyone"}).location
    submit(client, path, "/publish/")
    assert words["title_fi"] in client_for("coming_tenant").get("/notices").text


def test_customer_service_reads_what_residents_of_a_building_see(app, client_for, world, words):
    manager, clerk = client_for("building_manager"), client_for("clerk")
    path = submit(manager, WRITE, **words).location
    assert words["title_fi"] not in clerk.get("/admin/posted-notices/").text
    submit(manager, path, "/publish/")
    page = clerk.get(f"/admin/posted-notices/?building_text={words['buildings']}")
    assert words["title_fi"] in page.text
    number = only_notice(app).id
    assert "<strong>maanantaina</strong>" in clerk.get(f"/admin/posted-notices/{number}/").text
    assert clerk.get("/admin/notices/").status_code == 403


def test_text_is_kept_where_the_notice_was_published_meanwhile(app, client_for, words):
    client = client_for("building_manager")
    first = submit(client, WRITE, **words).location
    _target, fields = find_form(client.get(f"{first}edit/"))
    submit(client, first, "/publish/")
    late = {"title_fi": "Toinen otsikko", "body_fi": "Toinen teksti", "body_sv": "En annan text"}
    answer = client.post(f"{first}edit/", data={**fields.to_dict(), **late})
    assert answer.status_code == 409
    assert all(text in answer.text for text in late.values())
    assert client.get(f"{first}edit/").location.endswith(first)
