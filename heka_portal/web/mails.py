"""Writes a mail of the outbox: its kind's words in its reader's language, with links of the configured address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from heka_portal.domain.outbox.queries import read_params
from heka_portal.extensions import settings
from heka_portal.integrations.mail import Letter
from heka_portal.models.outbox import OutboxMail
from heka_portal.web.formats import write_case_number
from heka_portal.web.i18n import in_language
from heka_portal.web.letters import LETTERS, Words

Params = Mapping[str, str | int]


def render_letter(mail: OutboxMail) -> Letter:
    """The mail as a letter, in text and HTML. Raises KeyError or BuildError where a param is missing."""
    words, params = LETTERS[mail.kind], read_params(mail)
    with in_language(mail.language):
        said = _said(words, params)
        link = absolute_url(words.endpoint, {name: params[name] for name in words.address})
        context = {**said, "link": link, "language": mail.language}
        return Letter(
            message_id=mail.message_id,
            sender=settings().mail_from,
            recipient=mail.to_email,
            subject=said["subject"],
            text=_written("mail/letter.txt", context),
            html=_written("mail/letter.html", context),
            language=mail.language,
            written_at=mail.created_at,
        )


def _written(template: str, context: Mapping[str, Any]) -> str:
    """A template filled in outside any request: what pages know of their reader plays no part."""
    return current_app.jinja_env.get_template(template).render(context)


def absolute_url(endpoint: str, values: Params) -> str:
    """The address of a page under the configured base address; whatever host a request named plays no part."""
    base = urlsplit(settings().base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or "/", url_scheme=base.scheme)
    return adapter.build(endpoint, dict(values), force_external=True)


def _said(words: Words, params: Params) -> dict[str, Any]:
    """All sentences in the language in force, with the case's number written as people read it, or a notice's title."""
    filled = {"number": write_case_number(params["number"])} if "number" in params else {}
    if "title" in params:
        filled["title"] = str(params["title"])

    def say(sentence: Any) -> str:
        return str(sentence) % filled

    return {
        "subject": say(words.subject),
        "paragraphs": [say(one) for one in words.paragraphs],
        "action": say(words.action),
        "after": [say(one) for one in words.after],
        "why": say(words.why),
    }
