"""The portal's main job, through its interface only, at three browsers: a defect from report to confirmed repair."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select

from heka_portal import clock
from heka_portal.domain.audit.queries import verify_chain
from heka_portal.extensions import db
from heka_portal.models.accounts import Account, StaffMember
from heka_portal.models.audit import AuditLine
from heka_portal.models.cases import Case
from heka_portal.models.people import Person
from heka_portal.vocabulary import AuditAction
from heka_portal.web.formats import write_case_number
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.people import Resident, Worker
from tests.factories import files
from tests.factories.accounts import make_account
from tests.factories.neighbourhood import NEIGHBOURHOOD
from tests.factories.register_files import write_folder
from tests.support.portal import RunningPortal
from tests.support.roles import signed_in_client
from tests.support.strangers import addresses_of, let_in

AINO, SANNA, TIMO, OLLI = "aino@posti.example", "sanna@heka.example", "timo@huolto.example", "olli@putki.example"
#: email, name, role, company
STAFF = (
    (SANNA, "Sanna Laine", "clerk", None),
    (TIMO, "Timo Aho", "contractor", "Itähuolto Oy"),
    (OLLI, "Olli Salo", "contractor", "Putkityö Oy"),
)
PHONE_NUMBER = "040 297 6225"


@dataclass(frozen=True)
class Texts:
    """What they write to each other: none of it may stand in a mail."""

    title: str
    description: str
    question: str
    answer: str
    repair: str
    complaint: str
    second_repair: str


TEXTS = {
    "fi": Texts(
        "Allaskaappi kastuu",
        "Putkesta tippuu vettä kaapin pohjalle.",
        "Tippuuko vettä koko ajan?",
        "Vain kun hana on auki.",
        "Tiiviste vaihdettu.",
        "Kaappi on yhä märkä.",
        "Koko vesilukko vaihdettu.",
    ),
    "sv": Texts(
        "Diskbänksskåpet blir vått",
        "Det droppar vatten från röret.",
        "Droppar det hela tiden?",
        "Bara när kranen är öppen.",
        "Tätningen är bytt.",
        "Skåpet är ännu vått.",
        "Hela vattenlåset är bytt.",
    ),
}
#: the moves of the case, as the log keeps them; what the resident wrote about the repair is part of the move
MOVES = ["triage", "ask", "inform", "order", "schedule", "start", "finish", "not_fixed", "finish", "confirm"]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_main_job(portal: RunningPortal, visit: Visit, tmp_path: Path, language: str) -> None:
    prepare(portal, tmp_path / "register", language)
    clerk, mechanic = (visit(Worker, language, DESK) for _ in range(2))
    resident = visit(Resident, language, PHONE)
    clerk.enter(SANNA)
    mechanic.enter(TIMO)
    resident.register("Aino Maria Virtanen", AINO)

    number = play(resident, clerk, mechanic, TEXTS[language], photos(tmp_path))

    see_timeline(resident, clerk, number, TEXTS[language])
    see_pictures(resident, clerk, number)
    read_mails(portal, number, language)
    read_log(portal.app, number)
    turn_strangers_away(portal, number)


def prepare(portal: RunningPortal, folder: Path, language: str) -> None:
    """What an operator does before anybody comes."""
    portal.command("register", "import", str(write_folder(folder, NEIGHBOURHOOD)))
    for email, name, role, company in STAFF:
        of_company = ("--contractor", company) if company else ()
        portal.command("staff", "add", email, "--name", name, "--role", role, "--language", language, *of_company)


def photos(folder: Path) -> Sequence[Path]:
    """Three pictures of a phone: a HEIC, a JPEG that was taken upright and tells where, a PNG."""
    pictures = {
        "IMG_1.heic": files.heic(),
        "IMG_2.jpg": files.jpeg_with_everything(orientation=6),
        "IMG_3.png": files.png(),
    }
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in pictures]


def play(resident: Resident, clerk: Worker, mechanic: Worker, texts: Texts, pictures: Sequence[Path]) -> int:
    """The whole job; answers the number of the case."""
    portal = resident.portal
    number = resident.report(title=texts.title, description=texts.description, files=pictures, phone=PHONE_NUMBER)
    resident.see(number)
    assert resident.say("Being prepared") in resident.text
    portal.work()

    clerk.open("/admin/cases/")
    clerk.page.locator("a.hp-inbox__subject", has_text=texts.title).click()
    assert texts.description in clerk.text
    clerk.move("Take up")
    clerk.move("Ask the resident", text=texts.question)
    resident.see(number)
    assert texts.question in resident.text
    resident.reply(texts.answer)
    clerk.see(number)
    assert texts.answer in clerk.text
    clerk.move("Order from maintenance", contractor="Itähuolto Oy")

    mechanic.open(portal.mails(TIMO)[-1].link)
    assert PHONE_NUMBER not in mechanic.text
    assert "Virtanen" not in mechanic.text
    tomorrow = clock.today() + timedelta(days=1)
    mechanic.move("Agree on a visit", visit_on=tomorrow.isoformat(), visit_from="08:00", visit_to="10:00")
    mechanic.move("Start the work")
    mechanic.move("Mark as done", text=texts.repair)

    resident.open(portal.mails(AINO)[-1].link)
    assert texts.repair in resident.text
    resident.judge("not_fixed", text=texts.complaint, files=pictures[:1])
    portal.work()
    clerk.see(number)
    assert texts.complaint in clerk.text
    clerk.move("Mark as done", text=texts.second_repair)
    resident.see(number)
    resident.judge("fixed")
    return number


def see_timeline(resident: Resident, clerk: Worker, number: int, texts: Texts) -> None:
    """Every step is in the timeline of both, in order."""
    resident.see(number)
    you, say = resident.say("You"), resident.say
    service = say("customer service")
    visit_agreed = say("Visit agreed: %(visit)s").partition("%")[0]
    expected = [
        you,
        say("The report was received"),
        say("Customer service took up the matter"),
        f"Sanna, {service}",
        say("Waits for your answer"),
        you,
        say("Ordered from maintenance"),
        visit_agreed,
        say("The repair began"),
        "Timo, Itähuolto Oy",
        say("The repair is done and waits for your answer"),
        you,
        say("You answered: not fixed. The matter is open again"),
        f"Sanna, {service}",
        say("The repair is done and waits for your answer"),
        say("You answered: fixed"),
    ]
    assert [
        line[: len(visit_agreed)] if line.startswith(visit_agreed) else line for line in resident.headlines
    ] == expected
    written = resident.page.locator(".hp-message").all_inner_texts()
    for text, said in zip(vars(texts).values(), ["", *written], strict=True):
        assert text in said or text == texts.title
    clerk.see(number)
    assert len(clerk.headlines) == 1 + len(MOVES)
    assert clerk.headlines[-1] == clerk.say("Closed: fixed")


def see_pictures(resident: Resident, clerk: Worker, number: int) -> None:
    """The pictures are seen by both, turned right, and tell nothing of place or phone."""
    for somebody in (resident, clerk):
        somebody.see(number)
        shown = somebody.page.locator(".hp-timeline .hp-photos img")
        assert shown.count() == 4
        for picture in shown.all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("image => image.decode()")
    links = resident.page.locator(".hp-timeline .hp-photos a").all()
    pictures = [open_picture(resident.page, str(link.get_attribute("href"))) for link in links]
    assert [(picture.width, picture.height) for picture in pictures] == [(640, 480), (480, 640), (640, 480), (640, 480)]
    # The upper left quarter is blue; held as it was, the phone's upright picture has it at the upper right.
    assert [blue_corner(picture) for picture in pictures] == ["left", "right", "left", "left"]
    assert not any(picture.getexif() for picture in pictures)
    clerk.page.request.get(str(clerk.page.locator(".hp-timeline .hp-photos a").first.get_attribute("href")))


def open_picture(page: Page, address: str) -> Image.Image:
    """The picture of an address, for who is at this page."""
    answer = page.request.get(address)
    assert answer.ok, f"{address}: {answer.status}"
    assert files.SECRET not in answer.body()
    return Image.open(io.BytesIO(answer.body()))


def blue_corner(picture: Image.Image) -> str:
    """At which side the blue quarter is, above."""
    colours = picture.convert("RGB")
    left, right = (colours.getpixel((x, 10)) for x in (10, colours.width - 10))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    return "left" if left[2] > right[2] else "right"


def read_mails(portal: RunningPortal, number: int, language: str) -> None:
    """Every step of others is in a mail, in its reader's language, without a word of what it is about."""

    def subjects(*kinds: str) -> list[str]:
        return [portal.say(language, words, number=write_case_number(number)) for words in kinds]

    news, turn = "Case %(number)s: there is news", "Case %(number)s: we need your answer"
    mails = portal.mails(AINO)
    assert [mail.subject for mail in mails] == subjects(
        "Confirm your email address",
        "Case %(number)s: we have received it",
        news,  # taken up
        turn,  # asked
        news,  # ordered
        news,  # visit agreed
        news,  # begun
        turn,  # done
        turn,  # done again
    )
    jobs = portal.mails(TIMO)
    assert jobs[-1].subject == subjects("Job %(number)s: a new job for you")[0]
    assert not [mail for mail in portal.mails(OLLI) if str(write_case_number(number)) in mail.subject]
    secrets = (*vars(TEXTS[language]).values(), "Virtanen", "Kontulankaari", PHONE_NUMBER)
    for mail in (*mails, *jobs):
        assert mail.language == language
        assert not [secret for secret in secrets if secret in mail.subject + mail.text + mail.html], mail.subject


def read_log(app: Flask, number: int) -> None:
    """Every step and every look is in the audit log, and the log is whole."""
    with app.app_context():
        lines = db.session.scalars(
            select(AuditLine)
            .join(Case, Case.id == AuditLine.case_id)
            .where(Case.number == number)
            .order_by(AuditLine.id)
        ).all()
        actions = set(db.session.scalars(select(AuditLine.action)))
        with db.engine.connect() as connection:
            verdict = verify_chain(connection)
    assert [line.data["move"] for line in lines if line.data and line.data.get("move")] == MOVES
    assert lines[0].action is AuditAction.CASE_OPENED
    looks = {line.account_id for line in lines if line.action is AuditAction.CASE_VIEWED}
    assert len(looks) == 2, "the clerk and the mechanic looked at it"
    wanted = {
        AuditAction.REGISTER_IMPORTED,
        AuditAction.STAFF_ADDED,
        AuditAction.SECOND_FACTOR_ENROLLED,
        AuditAction.IDENTIFIED,
        AuditAction.ACCOUNT_OPENED,
        AuditAction.SIGNED_IN,
        AuditAction.FILE_VIEWED,
    }
    assert wanted <= actions
    assert verdict.broken_id is None
    assert verdict.lines >= len(lines)


def turn_strangers_away(portal: RunningPortal, number: int) -> None:
    """Who has no part in the case gets nothing at any address of it; who has a part finds it there."""
    app = portal.app
    with app.app_context():
        spouse, neighbour = (
            make_account(db.session.scalars(select(Person).where(Person.first_names == name)).one()).id
            for name in ("Eino Olavi", "Helmi Sofia")
        )
        mechanic = db.session.scalars(select(Account.id).join(StaffMember).where(StaffMember.name == "Olli Salo")).one()
        owner = db.session.scalars(select(Account.id).where(Account.email == AINO)).one()
        db.session.commit()
    addresses = addresses_of(app, number)
    assert len(addresses) > 20
    for account_id, own_page in ((spouse, "/home"), (neighbour, "/home"), (mechanic, "/admin/")):
        assert let_in(signed_in_client(app, account_id), own_page, addresses) == []
    found = let_in(signed_in_client(app, owner), "/home", addresses)
    assert f"GET /matters/{number}: 200" in found
    assert len([line for line in found if line.startswith("GET /files/") and line.endswith("200")]) == 2 * 4
