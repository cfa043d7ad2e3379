"""The forms of one's own details."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from heka_portal.domain.details.operations.contact import Contact
from heka_portal.domain.details.queries import OwnDetails
from heka_portal.domain.details.rules import BankNumber, IbanFault, IbanRefused, read_bank_number
from heka_portal.domain.outbox.rules import OPTIONAL
from heka_portal.vocabulary import Language, MailKind
from heka_portal.web.fields import Checkboxes, Needed, PhoneField, Radios, StrippedString, options
from heka_portal.web.forms import PortalForm
from heka_portal.web.i18n import LANGUAGES

FAULTS: Mapping[IbanFault, Any] = {
    IbanFault.NOT_IBAN: _l("Write the IBAN as it stands on your bank card, for example FI21 1234 5600 0007 85"),
    IbanFault.NOT_SEPA: _l(
        "We cannot pay to an account of this country. Give an account of a bank in the SEPA area, for example in the EU"
    ),
}


class ContactForm(PortalForm):
    """Phone, postal address and the language of mails."""

    phone = PhoneField(_l("Phone number"))
    postal_street = StrippedString(_l("Street address or PO box"), at_most=160)
    postal_code = StrippedString(_l("Postal code"), at_most=20)
    postal_city = StrippedString(_l("Town"), at_most=80)
    postal_country = StrippedString(_l("Country, if not Finland"), at_most=80)
    language = Radios(_l("In which language do we write to you?"), [Needed(_l("Choose a language"))])

    def __init__(self, details: OwnDetails) -> None:
        super().__init__(obj=details)
        self.language.choices = options([*Language], lambda code: LANGUAGES[code])

    def validate_postal_city(self, field: StrippedString) -> None:
        """An address is whole, or none is given. Raises ValidationError."""
        if self.postal_street.data and not field.data:
            raise ValidationError(_("Write the town of the postal address"))

    def validate_postal_street(self, field: StrippedString) -> None:
        """As above. Raises ValidationError."""
        if not field.data and (self.postal_code.data or self.postal_city.data or self.postal_country.data):
            raise ValidationError(_("Write the street address, or leave the whole postal address empty"))

    def to_contact(self) -> Contact:
        """The contact details as the domain takes them."""
        return Contact(
            phone=self.phone.data or None,
            postal_street=self.postal_street.data or None,
            postal_code=self.postal_code.data or None,
            postal_city=self.postal_city.data or None,
            postal_country=self.postal_country.data or None,
        )


class MailsForm(PortalForm):
    """Which mails one gets; the mandatory ones are not asked about."""

    wanted = Checkboxes(_l("Send me mail when"))

    def __init__(self, refused: Collection[MailKind]) -> None:
        super().__init__(data={"wanted": [str(kind) for kind in OPTIONAL if kind not in refused]})
        self.wanted.choices = options(OPTIONAL, lambda kind: MAIL_CHOICES[kind])

    @property
    def refused(self) -> frozenset[MailKind]:
        """What was left out."""
        return frozenset(kind for kind in OPTIONAL if str(kind) not in (self.wanted.data or ()))


#: an event in the reader's words, after "Send me mail when"
MAIL_CHOICES: Mapping[MailKind, Any] = {
    MailKind.CASE_RECEIVED: _l("my case has reached you"),
    MailKind.CASE_NEWS: _l("there is news in my case"),
    MailKind.CASE_CLOSED: _l("my case is closed"),
    MailKind.NOTICE: _l("there is a new notice that is not urgent"),
}


class BankAccountForm(PortalForm):
    """A bank account number, as on the bank card."""

    iban = StrippedString(_l("Account number (IBAN)"), [Needed(FAULTS[IbanFault.NOT_IBAN])], at_most=80)

    number: BankNumber | None = None

    def validate_iban(self, field: StrippedString) -> None:
        """It is a number of the SEPA area. Raises ValidationError."""
        try:
            self.number = read_bank_number(field.data or "")
        except IbanRefused as refused:
            raise ValidationError(FAULTS[refused.fault]) from None
