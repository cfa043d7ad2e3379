"""Photographs the running portal with demo data for README, docs and its own page on registration.

    python -m devtools.screenshots [part of a name]

It needs Chromium. The portal runs in this process, over a database of its own that is gone afterwards.
"""

from __future__ import annotations

import importlib
import io
import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from devtools.demo.cast import AINO, JONAS, LAURA, MARKUS, PASSWORD
from devtools.demo.commands import PEOPLE_FILE
from devtools.machine import chromium, free_port, why_no_browser
from devtools.registration_pictures import identity_provider, take_steps
from devtools.runner.instance import prepare_instance
from heka_portal.cli.jobs import make_jobs
from heka_portal.cli.worker import Worker
from heka_portal.extensions import db
from heka_portal.models.cases import Case
from heka_portal.models.enquiries import Enquiry
from heka_portal.models.notices import Notice
from heka_portal.vocabulary import NoticeState

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
#: the demo's case with a repair that did not hold at first
SUBJECT = "Allaskaapin pohja kastuu"
#: the demo's message that was answered and opened again
MESSAGE = "Kaksi laskua samalta kuulta"
COLOURS = 128


@dataclass(frozen=True)
class Shot:
    """A picture: its file is named after what it shows, the language and the width."""

    name: str
    path: str
    reader: str = ""
    language: str = "fi"
    width: int = 360
    height: int = 1120

    @property
    def file(self) -> Path:
        """Where it goes."""
        return FOLDER / f"{self.name}-{self.language}-{self.width}.png"


@dataclass(frozen=True)
class Shown:
    """What of the demo is photographed, by number."""

    #: a defect whose repair did not hold at first, a message, a notice, Aino's building
    case: int
    message: int
    notice: int
    building: int


def shots(shown: Shown) -> tuple[Shot, ...]:
    """What is photographed."""
    number = shown.case
    aino, jonas, laura, markus = str(AINO.email), str(JONAS.email), LAURA.email, MARKUS.email
    return (
        Shot("front", "/"),
        Shot("front", "/", width=1280, height=900),
        Shot("home", "/home", aino),
        Shot("home", "/home", jonas, "sv", 1280, 900),
        Shot("matters", "/matters", aino),
        Shot("report", "/defects/report", aino),
        Shot("case", f"/matters/{number}", aino, height=1500),
        Shot("message", f"/matters/{shown.message}", aino, height=1500),
        Shot("message-new", "/messages/new", aino, height=1300),
        Shot("details", "/details", aino, height=1500),
        Shot("details", "/details", jonas, "sv", 1280, 1000),
        Shot("bank-account", "/details/bank-account", aino),
        Shot("building", "/building", aino, height=1500),
        Shot("building", "/building", jonas, "sv", 1280, 1100),
        Shot("calendar", f"/building/{shown.building}/calendar", aino, height=1800),
        Shot("calendar", f"/building/{shown.building}/calendar", jonas, "sv", 1280, 1100),
        Shot("rescue-plan", f"/building/{shown.building}/rescue-plan", aino, height=1500),
        Shot("notices", "/notices", aino),
        Shot("notice", f"/notices/{shown.notice}", aino),
        Shot("contact", "/contact", width=360, height=1500),
        Shot("workbench-dashboard", "/admin/", markus, width=1280, height=1000),
        Shot("workbench-inbox", "/admin/cases/", laura, width=1280, height=900),
        Shot("workbench-case", f"/admin/cases/{number}/", laura, width=1280, height=1200),
        Shot("workbench-message", f"/admin/cases/{shown.message}/", laura, width=1280, height=1100),
        Shot("workbench-building", f"/admin/building/{shown.building}/", markus, width=1280, height=1800),
        Shot("workbench-notices", "/admin/notices/", markus, width=1280, height=900),
    )


@dataclass(frozen=True)
class DemoPortal:
    """A portal that runs over demo data."""

    app: Flask
    folder: Path
    address: str
    shown: Shown

    def work(self) -> None:
        """Let the worker do all there is to do."""
        with self.app.app_context():
            Worker(make_jobs()).work(once=True)


def main(arguments: Sequence[str] = ()) -> int:
    """Take all pictures, or those whose names hold a word; answers the exit code."""
    wanted = arguments[0] if arguments else ""
    if reason := why_no_browser():
        print(f"No pictures: {reason}.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    # What the portal tells of each request would hide what is told of the pictures.
    logging.disable(logging.WARNING)
    with (
        TemporaryDirectory(prefix="heka-screenshots-") as folder,
        demo_portal(Path(folder)) as portal,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for shot in shots(portal.shown):
            if wanted in shot.name:
                take(browser, portal.address, shot)
        if wanted in "register":
            mails = portal.folder / "mail"
            take_steps(browser, portal.address, mails=mails, work=portal.work, small=small)
        browser.close()
    return 0


@contextmanager
def demo_portal(folder: Path) -> Iterator[DemoPortal]:
    """Serve a portal with demo data, and beside it the stand-in identity provider."""
    prepare_instance(folder)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with identity_provider(folder, base_url=address, people=folder / PEOPLE_FILE) as settings:
        os.environ.update(settings, HEKA_INSTANCE_PATH=str(folder), HEKA_BASE_URL=address)
        app: Flask = importlib.import_module("wsgi").app  # the entry makes it of these settings, at its import
        shown = load(app)
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield DemoPortal(app, folder, address, shown)
        finally:
            server.shutdown()
            server.server_close()
            with app.app_context():
                db.engine.dispose()


def load(app: Flask) -> Shown:
    """Fill the database, and let the worker prepare the pictures; answers what is shown of it."""
    with app.app_context():
        flask_migrate.upgrade()
    loaded = app.test_cli_runner().invoke(args=["demo", "load"])
    if loaded.exit_code:
        raise RuntimeError(loaded.output)
    with app.app_context():
        Worker(make_jobs()).work(once=True)
        case = db.session.scalars(select(Case).where(Case.subject == SUBJECT)).one()
        asking = select(Notice.id).where(Notice.asks_acknowledgement, Notice.state == NoticeState.PUBLISHED)
        return Shown(
            case=case.number,
            message=db.session.scalars(select(Enquiry.number).where(Enquiry.subject == MESSAGE)).one(),
            notice=db.session.scalars(asking.order_by(Notice.id)).all()[0],
            building=case.building_id,
        )


def take(browser: Browser, address: str, shot: Shot) -> None:
    """Take one picture, as its reader."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=2 if shot.width < 500 else 1,
        locale=f"{shot.language}-FI",
        timezone_id="Europe/Helsinki",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if shot.reader:
        sign_in(page, shot)
    page.goto(f"{shot.path}?lang={shot.language}", wait_until="networkidle")
    shot.file.write_bytes(small(page.screenshot()))
    print(f"{shot.file.name}: {shot.file.stat().st_size // 1000} kB")
    context.close()


def sign_in(page: Page, shot: Shot) -> None:
    """Come in by the reader's door."""
    page.goto("/staff/sign-in" if shot.path.startswith("/admin/") else "/sign-in")
    page.locator("input[name=email]").fill(shot.reader)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state()


def small(png: bytes, colours: int = COLOURS) -> bytes:
    """The picture with a palette: pages have few colours."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
