"""The forms of a message: a new one with its topic, and another word into one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from heka_portal.blueprints.resident.forms import KeptPage, audience_field
from heka_portal.domain.access import Tie
from heka_portal.domain.cases.rules import MAX_SUBJECT, MAX_TEXT
from heka_portal.domain.enquiries.rules import Written
from heka_portal.models.enquiries import Topic
from heka_portal.vocabulary import Audience
from heka_portal.web.fields import FilesField, Needed, Radios, StrippedString, StrippedText
from heka_portal.web.i18n import current_language
from heka_portal.web.once import OnceForm


class KeptForm(KeptPage, OnceForm):
    """A form that is kept as a draft; its key is the draft's."""

    text: StrippedText

    def __init__(self, written: Written, *, key: str | None = None, **data: Any) -> None:
        given = {"text": written.text, **data}
        super().__init__(data=given | {"form_key": key} if key else given)

    def to_answers(self) -> dict[str, Any]:
        """What was written, as far as it is in order."""
        return {name: value for name, value in self.given().items() if name not in self.errors}

    def given(self) -> dict[str, Any]:
        """Everything that was written."""
        return {"text": self.text.data, "is_refused": False}


def _text() -> StrippedText:
    return StrippedText(_l("Your message"), [Needed(_l("Write your message"))], at_most=MAX_TEXT)


def _files() -> FilesField:
    return FilesField(_l("Add pictures or PDF files"))


class MoreForm(KeptForm):
    """Another word into a message that is there."""

    text = _text()
    files = _files()


class NewForm(KeptForm):
    """A new message."""

    topic = Radios(_l("What is it about?"), [Needed(_l("Choose what your message is about"))])
    home = Radios(_l("Which home is it about?"), [Needed(_l("Choose the home"))])
    title = StrippedString(
        _l("Subject"),
        [Needed(_l("Write in a few words what it is about, for example: Two invoices in December"))],
        at_most=MAX_SUBJECT,
    )
    # the order of the fields is that of the error summary
    text = _text()
    files = _files()
    audience = audience_field()

    def __init__(
        self, written: Written, *, topics: Sequence[Topic], homes: Sequence[Tie], key: str | None = None
    ) -> None:
        only = str(homes[0].apartment_id) if len(homes) == 1 else None
        super().__init__(
            written,
            key=key,
            topic=written.topic,
            title=written.title,
            audience=written.audience,
            home=str(written.apartment_id) if written.apartment_id else only,
        )
        language = current_language()
        self.topics = {topic.code: topic for topic in topics}
        self.topic.choices = [SelectChoice(topic.code, topic.name(language)) for topic in topics]
        self.home.choices = [SelectChoice(str(home.apartment_id), home.address) for home in homes]
        if only is not None:
            del self.home
        self.only_home = homes[0].apartment_id if len(homes) == 1 else None

    @property
    def hints(self) -> dict[str, str]:
        """The smaller line of each topic."""
        return {code: topic.hint(current_language()) for code, topic in self.topics.items()}

    def given(self) -> dict[str, Any]:
        """Everything that was written; whether it is sensitive is the topic's to say."""
        topic = self.topics.get(self.topic.data or "")
        chosen = self.only_home or self.home.data
        return super().given() | {
            "topic": self.topic.data or "",
            "title": self.title.data,
            "audience": self.audience.data or str(Audience.OWN),
            "apartment_id": int(chosen) if str(chosen or "").isdecimal() else None,
            "is_sensitive": topic is not None and topic.is_sensitive,
        }
