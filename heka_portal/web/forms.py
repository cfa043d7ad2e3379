"""The base of all forms: their built-in sentences in our words, and the links of an error summary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, HiddenField, RadioField, SelectMultipleField
from wtforms.fields.core import UnboundField

from heka_portal.web.fields import StrippedText

# WTForms' own sentences are terse, and seven of them have no Finnish. These stand in their place.
OUR_WORDS = {
    "This field is required.": _l("Fill in this field"),
    "Invalid input.": _l("Check this answer"),
    "Not a valid choice.": _l("Choose one of the options"),
    "Invalid Choice: could not coerce.": _l("Choose one of the options"),
    "Choices cannot be None.": _l("Choose one of the options"),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("Choose from the options"),
    "'%(value)s' is not a valid choice for this field.": _l("Choose from the options"),
    "'%(value)s' are not valid choices for this field.": _l("Choose from the options"),
    "Invalid value, must be one of: %(values)s.": _l("Choose one of the options"),
    "Invalid value, can't be any of: %(values)s.": _l("Choose another answer"),
    "Field must be equal to %(other_name)s.": _l("Write the same text in both fields"),
    "Not a valid datetime value.": _l("Check the date and the time"),
    "Not a valid date value.": _l("Check the date. Write for example 17 11 2026"),
    "Not a valid time value.": _l("Check the time. Write for example 14.30"),
    "Not a valid week value.": _l("Check the week. Write for example 47"),
    "Not a valid integer value.": _l("Write a whole number"),
    "Not a valid decimal value.": _l("Write a number, for example 12,50"),
    "Not a valid float value.": _l("Write a number, for example 12,50"),
    "Number must be at least %(min)s.": _l("Write %(min)s or a larger number"),
    "Number must be at most %(max)s.": _l("Write %(max)s or a smaller number"),
    "Number must be between %(min)s and %(max)s.": _l("Write a number between %(min)s and %(max)s"),
    "Date must be at least %(min)s.": _l("Choose %(min)s or a later date"),
    "Date must be at most %(max)s.": _l("Choose %(max)s or an earlier date"),
    "Date must be between %(min)s and %(max)s.": _l("Choose a date between %(min)s and %(max)s"),
    "Field must be at least %(min)d character long.": _l("Write at least %(min)d characters"),
    "Field must be at least %(min)d characters long.": _l("Write at least %(min)d characters"),
    "Field cannot be longer than %(max)d character.": _l("Shorten this to %(max)d characters"),
    "Field cannot be longer than %(max)d characters.": _l("Shorten this to %(max)d characters"),
    "Field must be exactly %(max)d character long.": _l("Write exactly %(max)d characters"),
    "Field must be exactly %(max)d characters long.": _l("Write exactly %(max)d characters"),
    "Field must be between %(min)d and %(max)d characters long.": _l("Write between %(min)d and %(max)d characters"),
    "Invalid email address.": _l("Check the email address. It looks like name@example.fi"),
    "Invalid IP address.": _l("Check the IP address"),
    "Invalid Mac address.": _l("Check the MAC address"),
    "Invalid URL.": _l("Check the web address. It begins with https://"),
    "Invalid UUID.": _l("Check the identifier"),
    "This field cannot be edited.": _l("This answer cannot be changed"),
    "This field is disabled and cannot have a value.": _l("This answer cannot be given now"),
    "CSRF token missing.": _l("The page was open for too long. Send it again"),
    "CSRF token expired.": _l("The page was open for too long. Send it again"),
    "CSRF failed.": _l("The page was open for too long. Send it again"),
    "Invalid CSRF Token.": _l("The page was open for too long. Send it again"),
    "The CSRF token is missing.": _l("The page was open for too long. Send it again"),
    "The CSRF token has expired.": _l("The page was open for too long. Send it again"),
    "The CSRF token is invalid.": _l("The page was open for too long. Send it again"),
}


class OurWords:
    """Answers WTForms with our sentences in the reader's language."""

    def gettext(self, string: str) -> str:
        return str(OUR_WORDS.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


class PortalForm(FlaskForm):
    """The base of every form in the portal."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> OurWords:
            return OurWords()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field and the form as a whole is in order."""
        return bool(super().validate(extra_validators))

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent and is in order."""
        return bool(super().validate_on_submit(extra_validators))

    def refuse_at(self, name: str, sentence: Any) -> None:
        """Say at a field, and in the summary, why the form is not taken: what no field can see alone."""
        self[name].errors = [*self[name].errors, str(sentence)]


def form_classes() -> Iterator[type[PortalForm]]:
    """Every form of the portal."""
    waiting = [PortalForm]
    while waiting:
        yield (form := waiting.pop())
        waiting.extend(form.__subclasses__())


def free_text_names() -> frozenset[str]:
    """The names under which long texts are sent: a page that refuses a form shows them again, and nothing else."""
    return frozenset(
        name
        for form in form_classes()
        for name in dir(form)
        if isinstance(field := getattr(form, name), UnboundField) and issubclass(field.field_class, StrippedText)
    )


@dataclass(frozen=True)
class ErrorLink:
    """One line of an error summary: what is wrong, and where."""

    target: str
    message: str


def control_id(field: Field) -> str:
    """The id of the control that takes the focus: the first option or the first part of a field."""
    first = getattr(field, "first_control_id", None)
    if first is not None:
        return str(first)
    if isinstance(field, RadioField | SelectMultipleField):
        return next((str(option.id) for option in field), str(field.id))
    return str(field.id)


def error_links(form: Any) -> list[ErrorLink]:
    """The first error of each field, in the order of the page, then those of the whole form."""
    links = list(_links(form))
    links.extend(ErrorLink("", str(message)) for message in getattr(form, "form_errors", ()))
    return links


def _links(fields: Any) -> Iterator[ErrorLink]:
    """Walk the fields, and those inside them."""
    for field in fields:
        if isinstance(field, FormField):
            yield from _links(field.form)
        elif isinstance(field, FieldList):
            yield from _links(field.entries)
        elif field.errors:
            # there is no going to what is hidden
            yield ErrorLink("" if isinstance(field, HiddenField) else control_id(field), str(field.errors[0]))


def init_app(app: Flask) -> None:
    """Give the links of the error summary to Jinja."""
    app.jinja_env.globals["error_links"] = error_links
