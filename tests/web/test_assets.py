import gzip
import hashlib
from pathlib import Path

from flask import Flask, url_for

CSS = Path(__file__).parents[2] / "heka_portal/static/css/portal.css"
FONT = "vendor/hanken-grotesk/5.3.0/files/hanken-grotesk-latin-wght-normal.woff2"


def test_an_address_names_the_content_of_its_file(small: Flask):
    with small.test_request_context("/page"):
        address = url_for("static", filename="css/portal.css")
    assert address == "/static/css/portal.css?v=" + hashlib.sha256(CSS.read_bytes()).hexdigest()[:12]


def test_fonts_have_the_one_address_that_the_stylesheet_uses(small: Flask):
    with small.test_request_context("/page"):
        assert url_for("static", filename=FONT) == "/static/" + FONT


def test_a_missing_file_still_has_an_address(small: Flask):
    with small.test_request_context("/page"):
        assert url_for("static", filename="nothing.css") == "/static/nothing.css"


def kept(app: Flask, path: str) -> set[str]:
    """What the browser is told to do with a file."""
    with app.test_client().get("/static/" + path) as answer:
        return set(answer.headers["Cache-Control"].split(", "))


def test_named_files_are_kept_for_a_year_and_others_for_an_hour(small: Flask):
    assert kept(small, "css/portal.css?v=abc") == {"public", "immutable", "max-age=31536000"}
    assert kept(small, FONT) == {"public", "immutable", "max-age=31536000"}
    assert kept(small, "css/portal.css") == {"public", "max-age=3600"}


def test_a_missing_file_is_not_kept(small: Flask):
    answer = small.test_client().get("/static/nothing.css?v=abc")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_first_visit_is_light():
    """Style, script and font of a residents' page: with 20 kB of HTML it stays under 100 kB compressed."""
    static = CSS.parents[1]
    texts = ["css/shared.css", "css/portal.css", "js/page.js", "js/drafts.js", "js/forms.js"]
    texts += ["vendor/hds-core/5.2.2/hds.min.css", "vendor/hanken-grotesk/5.3.0/wght.css"]
    weight = sum(len(gzip.compress((static / name).read_bytes())) for name in texts)
    assert weight + (static / FONT).stat().st_size < 70_000


def test_our_scripts_are_small():
    """What a resident's phone loads, and what a clerk's desk loads besides; as written, and on the wire."""
    scripts = {path.stem: path.read_bytes() for path in (CSS.parents[1] / "js").glob("*.js")}
    staff = scripts.pop("workbench")
    assert len(staff) < 4_096
    assert sum(map(len, scripts.values())) < 8_192
    assert sum(len(gzip.compress(script)) for script in scripts.values()) < 4_096
