"""How maintenance gets into a home: asked in a report, and changed later."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from heka_portal.domain.defects.operations import AccessFacts
from heka_portal.vocabulary import MasterKey
from heka_portal.web.fields import Needed, PhoneField, Radios, StrippedString
from heka_portal.web.forms import PortalForm


class AccessForm(PortalForm):
    """How maintenance gets into the home, for this defect only."""

    master_key = Radios(
        _l("May maintenance use the master key if you are not at home?"),
        [Needed(_l("Choose whether maintenance may use the master key"))],
        choices=lambda: [
            SelectChoice(str(MasterKey.ALLOWED), _("Yes, because of this defect")),
            SelectChoice(str(MasterKey.REFUSED), _("No, I want to be at home")),
        ],
    )
    has_pets = BooleanField(_l("There is a pet at home"))
    pets = StrippedString(_l("Which pet, and where does it stay?"))
    has_safety_chain = BooleanField(_l("There is a safety chain on the door"))
    phone = PhoneField(_l("Phone number"))
    call_when = StrippedString(_l("When can we call?"))
    is_phone_shared = BooleanField(_l("Maintenance may see my phone number"))

    def validate_pets(self, field: StrippedString) -> None:
        """A pet that is ticked is named. Raises ValidationError."""
        if self.has_pets.data and not field.data:
            raise ValidationError(_("Write which pet it is, for example: A cat that stays in the bedroom"))

    def to_access(self) -> AccessFacts:
        """The facts as the domain takes them."""
        return AccessFacts(
            MasterKey(self.master_key.data),
            pets=(self.pets.data or None) if self.has_pets.data else None,
            has_safety_chain=self.has_safety_chain.data,
            phone=self.phone.data or None,
            call_when=self.call_when.data or None,
            is_phone_shared=bool(self.phone.data) and self.is_phone_shared.data,
        )
