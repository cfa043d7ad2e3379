"""The pictures of the page How to register: somebody of the demo registers in each language, a picture at each step.

They are taken with the others, by `python -m devtools.screenshots`, and lie among the portal's static files.
"""

from __future__ import annotations

import email
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.policy import default
from pathlib import Path

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from devtools.demo.cast import LEO, PASSWORD
from devtools.identity_provider.app import create_provider
from devtools.identity_provider.configuration import Configuration, read_clients
from devtools.machine import free_port
from devtools.runner.identification import client_file, provider_folder, register_portal
from heka_portal.blueprints.public.steps import HEIGHT, STEPS, WIDTH

STATIC = Path(__file__).resolve().parent.parent / "heka_portal" / "static"
LANGUAGES = ("fi", "sv", "en")
#: pixels of the picture for one of the page, colours, and what a picture may weigh
SCALE, COLOURS, MOST_BYTES = 2, 48, 40_000
LINK = re.compile(r"https?://\S+/confirm/\S+")

Small = Callable[[bytes, int], bytes]


@contextmanager
def identity_provider(folder: Path, *, base_url: str, people: Path) -> Iterator[dict[str, str]]:
    """The stand-in beside a portal at an address; answers the portal's settings about it."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    settings = register_portal(folder, base_url=base_url, issuer=issuer)
    provider = create_provider(
        Configuration(
            issuer=issuer,
            keys=provider_folder(folder),
            clients=read_clients(client_file(folder)),
            persons_file=people,
        )
    )
    server = make_server("127.0.0.1", port, provider, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield settings
    finally:
        server.shutdown()
        server.server_close()


def take_steps(browser: Browser, address: str, *, mails: Path, work: Callable[[], None], small: Small) -> None:
    """Register up to the last press, in each language."""
    for language in LANGUAGES:
        context = browser.new_context(
            base_url=address,
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=SCALE,
            locale=f"{language}-FI",
            timezone_id="Europe/Helsinki",
            reduced_motion="reduce",
        )
        _take_language(context.new_page(), language, mails, work, small)
        context.close()


def _take_language(page: Page, language: str, mails: Path, work: Callable[[], None], small: Small) -> None:
    def take(name: str, top: str) -> None:
        page.locator(top).first.evaluate("node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 12)")
        step = next(step for step in STEPS if step.name == name)
        file = STATIC / step.file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(small(page.screenshot(), COLOURS))
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise RuntimeError(f"{file.name} weighs {size} bytes: at most {MOST_BYTES}")
        print(f"{file.name}: {size // 1000} kB")

    page.goto(f"/register?lang={language}", wait_until="networkidle")
    take("identify", "#steps")
    page.locator("form[action='/register/identify'] button").click()
    page.locator("label", has_text=f"{LEO.first_names} {LEO.last_name}").click()
    page.locator("button[name=action][value=identify]").click()
    page.wait_for_url("**/register/account")
    page.locator("input[name=email]").fill(f"leo.mattila.{language}@example.fi")
    take("choose", "main h1")
    page.locator("input[name=password]").fill(f"{PASSWORD}-{language}")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/register/sent")
    take("mail", "main h1")
    work()
    page.goto(_newest_link(mails))
    take("confirm", "main h1")


def _newest_link(mails: Path) -> str:
    """Where the mail that was sent last leads."""
    newest = max(mails.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    body = email.message_from_bytes(newest.read_bytes(), policy=default).get_body(("plain",))
    found = LINK.search(body.get_content()) if body else None
    if found is None:
        raise RuntimeError("the last mail holds no link to confirm")
    return found.group()
