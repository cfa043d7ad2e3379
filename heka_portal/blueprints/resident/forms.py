"""What forms of residents share: a page that is kept while it is written, and who sees the matter."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from heka_portal.vocabulary import Audience
from heka_portal.web.fields import FilesField, Needed, Radios
from heka_portal.web.forms import PortalForm


class KeptPage(PortalForm):
    """A page whose words and files are kept as a draft whenever it is sent."""

    files: FilesField
    #: sentences about files that were not taken; the others are kept
    refusals: tuple[str, ...] = ()

    def refuse(self, sentences: Sequence[str]) -> None:
        """Say at the field, and in the summary, which files were not taken."""
        self.refusals = tuple(sentences)
        if sentences:
            self.files.errors = (sentences[0],)

    @property
    def is_kept(self) -> bool:
        """Whether nothing that was typed stands only in the page: what is missing can be asked later."""
        return not any(field.errors and any(field.raw_data or ()) for field in self if field is not self.files)


def audience_field() -> Radios:
    """Who of the home sees a matter."""
    return Radios(
        _l("Who sees this matter besides you?"),
        [Needed(_l("Choose who sees the matter"))],
        choices=lambda: [
            SelectChoice(str(Audience.OWN), _("Nobody")),
            SelectChoice(str(Audience.HOUSEHOLD), _("The other adults of my home")),
        ],
    )
