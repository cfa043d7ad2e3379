"""The pictures of the steps of registration: there in each language, small, and as large as the page says."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from heka_portal.blueprints.public.steps import HEIGHT, STEPS, WIDTH, Step
from heka_portal.web.i18n import LANGUAGES

MOST_BYTES = 40_000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_each_step_has_its_picture(app: Flask, step: Step, language: str) -> None:
    assert app.static_folder is not None
    file = Path(app.static_folder) / step.file(language)
    assert file.stat().st_size < MOST_BYTES
    with Image.open(file) as picture:
        assert picture.width * HEIGHT == picture.height * WIDTH


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_them_without_shifting(client: FlaskClient, language: str) -> None:
    page = client.get("/how-to-register", query_string={"lang": language}).text
    for step in STEPS:
        assert f"/static/{step.file(language)}" in page
    assert page.count(f'width="{WIDTH}" height="{HEIGHT}" loading="lazy" alt="') == len(STEPS)
