"""Form fields and checks used everywhere: each cleans what people type and says how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from wtforms import (
    EmailField as PlainEmailField,
)
from wtforms import (
    Field,
    Form,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from heka_portal.clock import today

EMAIL_LENGTH = 254
# NUL would be refused by PostgreSQL; the other control characters and lone surrogates have no place in a text.
UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def clean_text(value: str | None) -> str:
    """Text as we keep it: NFC, no control characters, plain line ends, nothing around it."""
    text = unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    return UNWANTED.sub("", text).strip()


def clean_line(value: str | None) -> str:
    """One line of text: as `clean_text`, with each run of white space one space."""
    return " ".join(clean_text(value).split())


class Needed:
    """The answer is needed; the sentence says what to write."""

    field_flags = {"required": True}  # noqa: RUF012  # WTForms reads it from the class

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse an empty answer. Raises StopValidation."""
        if field.data:
            return
        if field.errors:  # what was typed could not be read, and that sentence says more
            raise StopValidation
        raise StopValidation(self.message or field.gettext("This field is required."))


class NotAfterToday:
    """The date may not be in the future."""

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse a later date than today in Helsinki. Raises ValidationError."""
        if field.data is not None and field.data > today():
            raise ValidationError(_l("The date cannot be in the future"))


class NotBeforeToday:
    """The date may not be in the past."""

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse an earlier date than today in Helsinki. Raises ValidationError."""
        if field.data is not None and field.data < today():
            raise ValidationError(_l("The date cannot be in the past"))


class StrippedString(StringField):
    """One line of text."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), *, at_most: int = 200, **kwargs: Any) -> None:
        super().__init__(label, [*validators, Length(max=at_most)], filters=[clean_line], **kwargs)


class StrippedText(TextAreaField):
    """Several lines of text."""

    def __init__(
        self, label: Any = None, validators: Sequence[Any] = (), *, at_most: int = 5000, **kwargs: Any
    ) -> None:
        super().__init__(label, [*validators, Length(max=at_most)], filters=[clean_text], **kwargs)


class EmailField(PlainEmailField):
    """An email address: its shape is checked, its domain is kept in lower case."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[clean_line], **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Check the shape and keep the normal form. Raises ValidationError."""
        if not self.data:
            return
        try:
            found = validate_email(self.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(self.gettext("Invalid email address.")) from error
        if len(found.normalized) > EMAIL_LENGTH:
            raise ValidationError(self.gettext("Invalid email address."))
        self.data = found.normalized


class PhoneField(TelField):
    """A phone number, Finnish unless it begins with a country code; kept as +358401234567."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[clean_line], **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Check the number and keep its international form. Raises ValidationError."""
        if not self.data:
            return
        try:
            number = phonenumbers.parse(self.data, "FI")
        except phonenumbers.NumberParseException as error:
            raise ValidationError(_PHONE_HELP) from error
        if not phonenumbers.is_possible_number(number) or number.extension:
            raise ValidationError(_PHONE_HELP)
        self.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def _value(self) -> str:
        """What the input shows: as typed, or the kept number in its familiar form."""
        if self.raw_data:
            return str(self.raw_data[0])
        if not self.data:
            return ""
        number = phonenumbers.parse(self.data, "FI")
        home = number.country_code == 358
        style = phonenumbers.PhoneNumberFormat
        return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)


_PHONE_HELP = _l("Check the phone number. Write for example 040 123 4567 or +46 8 123 456 78")


class ThreeFieldDate(Field):
    """A date in three fields: day, month, year. A whole date pasted in the first one is understood."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.typed = ("", "", "")

    @property
    def first_control_id(self) -> str:
        """The id that an error summary leads to."""
        return f"{self.id}-day"

    @property
    def parts(self) -> tuple[str, str, str]:
        """What the three inputs show: as typed, or the kept date."""
        if any(self.typed) or not self.data:
            return self.typed
        return str(self.data.day), str(self.data.month), str(self.data.year)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """Read the three inputs."""
        super().process(None, *args, **kwargs)
        names = [f"{self.name}-{part}" for part in ("day", "month", "year")]
        if formdata is None or not any(name in formdata for name in names):
            return
        day, month, year = (clean_line(formdata.get(name)) for name in names)
        self.typed = (day, month, year)
        self.raw_data = list(self.typed)
        self.data = None
        whole = re.fullmatch(r"(\d{1,2})[.\s/-]+(\d{1,2})[.\s/-]+(\d{4})", day) if not (month or year) else None
        if any(self.typed):
            self._read(*(whole.groups() if whole else self.typed))

    def _read(self, day: str, month: str, year: str) -> None:
        """Make a date of the parts, or keep the sentence that says how to mend them."""
        if not (day and month and year):
            self.process_errors = (_l("Write the day, the month and the year, for example 17 11 2026"),)
        elif not re.fullmatch(r"\d{4}", year, re.ASCII):
            self.process_errors = (_l("Write the year with four digits, for example 2026"),)
        else:
            try:
                self.data = date(int(year), int(month), int(day))
            except ValueError:
                self.process_errors = (_l("There is no such date. Check the day and the month"),)

    def __call__(self, **kwargs: Any) -> Markup:
        """Refuse to be rendered as one input: the macro `date_input` draws the three. Raises TypeError."""
        raise TypeError("draw a ThreeFieldDate with components/fields.html, date_input")


class FilesField(MultipleFileField):
    """Any number of files; a browser's empty entry is none."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep what has a name."""
        self.data = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]


class Radios(RadioField):
    """One answer of a few. Nothing is chosen at first."""

    def __init__(
        self,
        label: Any = None,
        validators: Sequence[Any] = (),
        *,
        choices: Sequence[SelectChoice] | Callable[[], Sequence[SelectChoice]] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("validate_choice", True)
        super().__init__(label, validators, choices=choices if callable(choices) else list(choices), **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Leave an empty answer to `Needed`. Raises ValidationError."""
        if self.data:
            super().pre_validate(form)

    def process_data(self, value: Any) -> None:
        """Keep no answer as None, not as the word "None"."""
        self.data = None if value is None else self.coerce(value)


class Select(SelectField):
    """One answer of many; the first option is empty."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)

    def pre_validate(self, form: Form) -> None:
        """Leave an empty answer to `Needed`. Raises ValidationError."""
        if self.data:
            super().pre_validate(form)


class Checkboxes(SelectMultipleField):
    """Any number of answers."""

    option_widget = CheckboxInput()  # type: ignore[assignment]  # wtforms' own recipe
    widget = ListWidget(prefix_label=False)  # type: ignore[assignment]  # as above

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)


def options(codes: Sequence[Any], label: Callable[[Any], Any]) -> list[SelectChoice]:
    """Choices made of codes and the function that names them."""
    return [SelectChoice(str(code), label(code)) for code in codes]
