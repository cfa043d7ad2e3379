"""The page checker itself: a good page passes, and each fault is named."""

from __future__ import annotations

import pytest

from tests.support.html import faults

GOOD = """<!doctype html>
<html lang="fi">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Ilmoita viasta - Asukasportaali</title>
<link rel="stylesheet" href="/static/portal.css"></head>
<body>
<main id="main">
<h1>Ilmoita viasta</h1>
<h2>Missä?</h2>
<form method="post" action="/report">
<input type="hidden" name="csrf_token" value="x">
<label for="title">Otsikko</label><input id="title" name="title">
<fieldset><legend>Paikka</legend><label><input type="radio" name="place" value="k"> Keittiö</label></fieldset>
<button>Jatka</button>
</form>
<a href="#main">Ylös</a>
</main>
</body>
</html>"""


def test_good_page_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('lang="fi"', "", "language"),
        ("<h1>Ilmoita viasta</h1>", "", "0 h1"),
        ("<h2>Missä?</h2>", "<h1>Toinen</h1>", "2 h1"),
        ("<h2>Missä?</h2>", "<h4>Missä?</h4>", "follows an h1"),
        ("<title>Ilmoita viasta -", "<title>Ilmoitus -", "the title"),
        ('<label for="title">Otsikko</label>', "", "has no label"),
        ('<label for="title">', '<label for="elsewhere">', "'elsewhere', which is not there"),
        ('<main id="main">', '<main id="title">', "stands 2 times"),
        ('<input type="hidden" name="csrf_token" value="x">', "", "0 tokens"),
        ('method="post"', 'method="get"', "into the address"),
        ("<button>", '<button onclick="go()">', "onclick"),
        ("<button>", '<button style="color: red">', "inline style"),
        ("<button>Jatka", "<button>", "has no words"),
        ("</main>", "<script>go()</script></main>", "no nonce"),
        ('href="#main"', 'href="#"', "leads nowhere"),
        ('href="#main"', 'href="#top-of-page"', "not there"),
        ('href="/static', 'href="https://cdn.example/static', "from elsewhere"),
        ("<legend>Paikka</legend>", "", "has no legend"),
        ("</main>", '<img src="/a.png"></main>', "alternative text"),
        ("</main>", "<table><tbody><tr><td>1</td></tr></tbody></table></main>", "header cells"),
        ("</h2>", "</h3>", "line 9"),
    ],
)
def test_fault_is_named(good: str, bad: str, said: str) -> None:
    assert GOOD.count(good) == 1
    found = faults(GOOD.replace(good, bad))
    assert any(said in fault for fault in found), found
