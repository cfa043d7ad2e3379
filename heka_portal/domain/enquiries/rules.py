"""Decisions about messages: what is sent, and how long it can be taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from heka_portal.vocabulary import Audience

#: how long what was sent waits, so that it can be taken back
UNDO = timedelta(seconds=30)
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
MOST_WORKING_DAYS = 60


@dataclass(frozen=True)
class EnquiryDraft:
    """A message to be opened: checked for shape by the form, for meaning by the operation."""

    #: the topic's code
    topic: str
    apartment_id: int
    subject: str
    text: str
    form_key: str
    audience: Audience = Audience.OWN
    #: the number of another case of the person's that it is about
    about_number: int | None = None
    #: a notice that it asks about
    about_notice: int | None = None


class Written(BaseModel):
    """What has been written of a message so far; a draft keeps it as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: str = ""
    apartment_id: int | None = None
    title: str = ""
    text: str = ""
    audience: Audience = Audience.OWN
    about_number: int | None = None
    about_notice: int | None = None
    #: the topic says that its words are hidden: the draft's title is too
    is_sensitive: bool = False
    #: it was not taken when it should have gone
    is_refused: bool = False

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Written:
        """What a draft keeps; what cannot be read is asked again."""
        try:
            return cls.model_validate(kept)
        except ValidationError as error:
            broken = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
            return cls.model_validate({name: value for name, value in kept.items() if name not in broken})

    def to_draft(self, form_key: str) -> EnquiryDraft | None:
        """The message it makes; none where something is missing."""
        if not (self.topic and self.apartment_id and self.title and self.text):
            return None
        return EnquiryDraft(
            topic=self.topic,
            apartment_id=self.apartment_id,
            subject=self.title,
            text=self.text,
            form_key=form_key,
            audience=self.audience,
            about_number=self.about_number,
            about_notice=self.about_notice,
        )


def is_code(text: str) -> bool:
    """Whether a topic may have this code."""
    return CODE.fullmatch(text) is not None
