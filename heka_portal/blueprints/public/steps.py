"""The steps of registration as a page shows them: what one does, and a picture of the portal's own page.

The pictures are taken by `python -m devtools.screenshots`, in each language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

#: the pictures' size on the page, in pixels of CSS
WIDTH, HEIGHT = 360, 640


@dataclass(frozen=True)
class Step:
    """A step and its picture; `name` is the picture's, followed by the language."""

    name: str
    title: Any
    lines: tuple[Any, ...]
    #: what the picture shows, for those who do not see it
    picture: Any

    def file(self, language: str) -> str:
        """The picture among the static files."""
        return f"img/register/{self.name}-{language}.png"


STEPS = (
    Step(
        "identify",
        _l("Identify yourself"),
        (
            _l("Open the page Register and press Identify yourself. Choose your bank or Mobile ID and do as it says."),
            _l("We find you in our register by your identity code. You identify yourself only this once."),
        ),
        _l("The portal’s page Register. Three steps are listed, and the button says Identify yourself."),
    ),
    Step(
        "choose",
        _l("Choose an email and a password"),
        (
            _l("Your name stands at the top of the page: check that it is you."),
            _l("Use an email that only you read."),
            _l("The password has at least 12 characters. Four words in a row will do."),
        ),
        _l("The page Choose your email and password. It has a field for the email and one for the password."),
    ),
    Step(
        "mail",
        _l("Open the link in your email"),
        (
            _l("The mail comes within a few minutes. Look into the spam folder too."),
            _l("The link works for 24 hours, once. If it did not come, you can send it again from this page."),
        ),
        _l("The page Open the link in your email. It tells where the mail was sent and what happens next."),
    ),
    Step(
        "confirm",
        _l("Take your account into use"),
        (
            _l("The link leads to this page. Press the button, and you are in."),
            _l("From now on you sign in with your email and password."),
        ),
        _l("The page Take your account into use, with one button of the same name."),
    ),
)
