"""What is measured: each page and submission of both interfaces, and what it is allowed to cost."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from devtools.bench.browser import Browser, Send
from devtools.bench.visitors import Resident, Visitors
from devtools.demo.cast import PASSWORD
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.web.cursors import write_cursor

#: what happens in the measured time, made ready by what happens before it
Visit = Callable[[], Browser]
Prepare = Callable[[Send, Visitors], Iterator[Visit]]
MEGABYTES_OF_PHOTO = 2
#: words of the demo's texts: one that most cases hold, and one that hardly any does
COMMON_WORD, RARE_WORD = "kotona", "KX1592"


@dataclass(frozen=True)
class Journey:
    """A page, or a page and what is sent from it."""

    name: str
    #: the visits, without an end where they are repeated
    visits: Prepare
    #: processor time in milliseconds, statements, kB: none where no figure was set
    milliseconds: float | None = None
    queries: int | None = None
    kilobytes: int | None = None
    #: the least share of the limit's rate
    share: float | None = None
    #: a page is visited for some seconds, a submission some times: it needs a draft or a case of its own each
    is_repeated: bool = True


def resident_pages(path: Callable[[Resident], str]) -> Prepare:
    """A page of each resident in turn."""

    def prepare(send: Send, visitors: Visitors) -> Iterator[Visit]:
        for resident in itertools.cycle(visitors.residents):
            yield _get(send, resident.cookies, path(resident))

    return prepare


def public_page(path: str) -> Prepare:
    """A page that anyone opens."""

    def prepare(send: Send, visitors: Visitors) -> Iterator[Visit]:
        while True:
            yield _get(send, {}, path)

    return prepare


def staff_pages(paths: Callable[[Visitors], Sequence[str]]) -> Prepare:
    """Pages of customer service, the clerks taking turns."""

    def prepare(send: Send, visitors: Visitors) -> Iterator[Visit]:
        for cookies, path in zip(itertools.cycle(visitors.clerks), itertools.cycle(paths(visitors)), strict=False):
            yield _get(send, cookies, path)

    return prepare


def _get(send: Send, cookies: dict[str, str], path: str) -> Visit:
    def visit() -> Browser:
        browser = Browser(send, dict(cookies))
        browser.get(path)
        return browser

    return visit


def search_for(asked: str) -> Prepare:
    """The search: its answer to a word."""

    def prepare(send: Send, visitors: Visitors) -> Iterator[Visit]:
        tokens = []
        for cookies in visitors.clerks:
            browser = Browser(send, dict(cookies))
            tokens.append((browser.cookies, browser.get("/admin/search/").hidden()))
        for cookies, hidden in itertools.cycle(tokens):
            yield _search(send, cookies, {**hidden, "q": asked})

    return prepare


def _search(send: Send, cookies: dict[str, str], fields: dict[str, str]) -> Visit:
    def visit() -> Browser:
        browser = Browser(send, dict(cookies))
        browser.post("/admin/search/", fields, expected=200)
        return browser

    return visit


def sign_in(send: Send, visitors: Visitors) -> Iterator[Visit]:
    """The door and what follows: page, password, home."""
    while visitors.emails:
        email = visitors.emails.pop()

        def visit(email: str = email) -> Browser:
            browser = Browser(send)
            page = browser.get("/sign-in")
            browser.post("/sign-in", {**page.hidden(b'name="password"'), "email": email, "password": PASSWORD})
            return browser

        yield visit


def report(*, with_photo: bool) -> Prepare:
    """The last page of a report and its sending; with a photo the page that takes it and all that follows."""

    def prepare(send: Send, visitors: Visitors) -> Iterator[Visit]:
        photo = photo_of_megabytes(MEGABYTES_OF_PHOTO) if with_photo else None
        for number, resident in enumerate(itertools.cycle(visitors.residents)):
            yield _report(Browser(send, dict(resident.cookies)), resident, number, photo)

    return prepare


def _report(browser: Browser, resident: Resident, number: int, photo: bytes | None) -> Visit:
    place = browser.post("/defects/report", browser.get("/defects/report").hidden()).location
    hidden = browser.get(place).hidden()
    what = browser.post(place, {**hidden, "where": f"home-{resident.apartment_id}", "room": "kitchen"}).location
    words = {
        "fault": "tap",
        "title": f"Hana tippuu {number}",
        "description": "Keittiön hana tippuu koko ajan, myös yöllä.",
        "button": "continue",
    }
    access = browser.post(what, {**browser.get(what).hidden(), **words}).location
    answers = {"master_key": "allowed", "audience": "own"}
    check = browser.post(access, {**browser.get(access).hidden(), **answers}).location

    def visit() -> Browser:
        sender = Browser(browser.send, dict(browser.cookies))
        if photo is not None:
            sender.post(what, {**sender.get(what).hidden(), **words}, photo=photo)
        sender.post(check.replace("/check", "/send"), sender.get(check).hidden())
        return sender

    return visit


def write_message(send: Send, visitors: Visitors) -> Iterator[Visit]:
    """The page of a new message, and its sending."""
    for number, resident in enumerate(itertools.cycle(visitors.residents)):
        words = {
            "topic": "rent_payment",
            "title": f"Kaksi laskua {number}",
            "text": "Sain kaksi laskua samalta kuulta. Kumman maksan?",
            "audience": "own",
            "home": str(resident.apartment_id),
        }

        def visit(resident: Resident = resident, words: dict[str, str] = words) -> Browser:
            browser = Browser(send, dict(resident.cookies))
            browser.post("/messages/new", {**browser.get("/messages/new").hidden(b'name="topic"'), **words})
            return browser

        yield visit


def photo_of_megabytes(amount: int) -> bytes:
    """A photo of about so many MB, as a phone makes them."""
    side = 1_000
    while True:
        kept = io.BytesIO()
        bands = [Image.effect_noise((side, side * 3 // 4), 60) for _ in range(3)]
        Image.merge("RGB", bands).save(kept, "JPEG", quality=90)
        if kept.tell() >= amount * 1_000_000:
            return kept.getvalue()
        side = side * 5 // 4


def answer_and_move(send: Send, visitors: Visitors) -> Iterator[Visit]:
    """The page of a case, and a question to the resident that moves it on."""
    clerks = itertools.cycle(visitors.clerks)
    while visitors.askable_numbers:
        cookies, path = next(clerks), f"/admin/cases/{visitors.askable_numbers.pop()}/"

        def visit(cookies: dict[str, str] = cookies, path: str = path) -> Browser:
            browser = Browser(send, dict(cookies))
            page = browser.get(f"{path}?do=ask")
            asked = {"act": "move:ask", "text": "Tippuuko hana koko ajan vai vain käytössä?"}
            browser.post(path, {**page.hidden(b'value="move:ask"'), **asked})
            return browser

        yield visit


def _deep(visitors: Visitors) -> list[str]:
    return [f"/admin/cases/?after={write_cursor(Cursor(*visitors.middle))}"]


def _buildings(visitors: Visitors) -> list[str]:
    return [f"/admin/cases/?building={building_id}" for building_id in visitors.building_ids]


def _inbox(**fields: Any) -> Prepare:
    query = "&".join(f"{name}={value}" for name, value in fields.items())
    return staff_pages(lambda _visitors: [f"/admin/cases/?{query}" if query else "/admin/cases/"])


def _page(name: str, path: Callable[[Resident], str], queries: int = 6, kilobytes: int = 20) -> Journey:
    return Journey(name, resident_pages(path), 4.7, queries, kilobytes, 0.5)


def _list(name: str, prepare: Prepare) -> Journey:
    return Journey(name, prepare, 10.0, 8, 65, 0.23)


JOURNEYS: tuple[Journey, ...] = (
    _page("Home", lambda _one: "/home", 7),
    _page("My matters", lambda _one: "/matters"),
    _page("Own case", lambda one: f"/matters/{one.case_number}"),
    _page("Write a message", lambda _one: "/messages/new"),
    _page("Own message", lambda one: f"/matters/{one.message_number}"),
    Journey("Send a message", write_message, 11.0, 18, is_repeated=False),
    _page("Own details", lambda _one: "/details"),
    _page("Bank account", lambda _one: "/details/bank-account"),
    _page("Who has looked", lambda _one: "/account/looks"),
    _page("My home", lambda _one: "/building", 9, 25),
    _page("Calendar of the building", lambda one: f"/building/{one.building_id}/calendar", 5, 35),
    _page("Documents of the building", lambda one: f"/building/{one.building_id}/documents", 6, 30),
    _page("Rescue plan", lambda one: f"/building/{one.building_id}/rescue-plan", 6, 25),
    Journey("Contact", public_page("/contact"), 4.7, 1, 20, 0.5),
    _page("Notices", lambda _one: "/notices"),
    _page("Earlier notices", lambda _one: "/notices/archive"),
    Journey("Report a defect", report(with_photo=False), 11.0, 18, is_repeated=False),
    Journey("Report with a 2 MB photo", report(with_photo=True), 21.0, is_repeated=False),
    Journey("Sign in", sign_in, is_repeated=False),
    Journey("Dashboard", staff_pages(lambda _visitors: ["/admin/"])),
    _list("Inbox, open", _inbox()),
    _list("Inbox, closed", _inbox(closed=30)),
    _list("Inbox, overdue", _inbox(overdue=1)),
    _list("Inbox, a building", staff_pages(_buildings)),
    _list("Inbox, middle of the list", staff_pages(_deep)),
    _list("Notices to residents", staff_pages(lambda _visitors: ["/admin/posted-notices/"])),
    Journey("Search, common word", search_for(COMMON_WORD), 30.0),
    Journey("Search, rare word", search_for(RARE_WORD), 8.0),
    Journey(
        "Staff case",
        staff_pages(lambda visitors: [f"/admin/cases/{number}/" for number in visitors.open_numbers]),
        8.0,
        10,
        40,
        0.28,
    ),
    Journey(
        "Staff message",
        staff_pages(lambda visitors: [f"/admin/cases/{one.message_number}/" for one in visitors.residents]),
        8.0,
        10,
        40,
        0.28,
    ),
    Journey("Answer and move", answer_and_move, 17.0, 20, is_repeated=False),
)
