"""Languages: which one a page is in, the switch between them, and mails in another's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask_babel import force_locale, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from heka_portal.extensions import babel

LANGUAGES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}
DEFAULT = "fi"
COOKIE = "lang"
A_YEAR = 365 * 24 * 3600
ACCOUNT_HOOK = "heka_account_locale"


@dataclass(frozen=True)
class LanguageChoice:
    """One link of the language switch; it leads to `same_page` with the language added."""

    code: str
    name: str
    is_current: bool


def current_language() -> str:
    """The code of the language in use: fi, sv or en."""
    try:
        # Where the library keeps it: a page asks two hundred times, and the library's own way takes six lookups.
        locale = g._get_current_object()._flask_babel.babel_locale
    except (RuntimeError, AttributeError):
        locale = None
    if locale is None:  # not asked yet, or forgotten after a mail was written in another one
        locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write in another's language, as a mail does; an unknown code means the default one."""
    with force_locale(code if code in LANGUAGES else DEFAULT):
        yield


def select_language() -> str:
    """The asked, remembered, stored or accepted language, in this order."""
    if not has_request_context():
        return DEFAULT
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    remembered = request.cookies.get(COOKIE)
    if remembered in LANGUAGES:
        return remembered
    return _account_language() or _browser_language() or DEFAULT


def _browser_language() -> str | None:
    """The first language of the browser's list that we speak: sv-FI before fi means Swedish."""
    accepted = (code.partition("-")[0].lower() for code in request.accept_languages.values())
    return next((code for code in accepted if code in LANGUAGES), None)


def _account_language() -> str | None:
    """The language stored on the signed-in person's account, by the hook that knows it."""
    from_account = current_app.extensions.get(ACCOUNT_HOOK)
    stored = from_account() if from_account else None
    return stored if stored in LANGUAGES else None


def language_choices() -> list[LanguageChoice]:
    """The languages to choose from."""
    current = current_language()
    return [LanguageChoice(code, name, code == current) for code, name in LANGUAGES.items()]


def same_page() -> str:
    """This page and its query, for `lang=...` to be added: relative, so that no path can lead elsewhere."""
    rule = request.url_rule
    if rule is not None and "GET" not in (rule.methods or ()):
        return url_for("public.front") + "?"
    query = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"?{urlencode(query)}&" if query else "?"


def remember_language(response: Response) -> Response:
    """Keep a language that was asked for in the address in a cookie."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and asked != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, asked, max_age=A_YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
    return response


@lru_cache(maxsize=10_000)
def _pattern(language: str, words: str) -> Markup:
    """The words in a language, which is the one in use."""
    return Markup(get_translations().ugettext(words))  # noqa: S704 - our own catalogue


@lru_cache(maxsize=10_000)
def _plain(language: str, words: str) -> Markup:
    """The words that take no values."""
    return _pattern(language, words) % {}


@pass_eval_context
def say(evaluation: EvalContext, words: str, /, **values: Any) -> str:
    """What `_` is in templates: the library's looks the catalogue up anew for each of a page's hundred words."""
    language = current_language()
    if not evaluation.autoescape:
        return str(_pattern(language, words)) % values
    return _pattern(language, words) % values if values else _plain(language, words)


def init_app(app: Flask) -> None:
    """Bind the languages to the application and give the switch to Jinja."""
    babel.init_app(
        app,
        default_locale=DEFAULT,
        default_timezone="Europe/Helsinki",
        locale_selector=select_language,
    )
    app.extensions.setdefault(ACCOUNT_HOOK, None)
    app.after_request(remember_language)
    app.jinja_env.globals.update(
        language_choices=language_choices, current_language=current_language, _=say, gettext=say
    )
