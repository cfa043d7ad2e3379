"""The Finnish personal identity code as it comes from a provider: one spelling of it, and the birth date in it."""

from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


class IdentityCodeInvalid(ValueError):
    """This is no personal identity code, or one that may not be used here."""


def normalise(code: str, *, allow_test_codes: bool, today: date) -> str:
    """The code in its one spelling; the sign of the century stays, it is part of the identity.

    Test codes have an individual number of 900 to 999. Raises IdentityCodeInvalid, also for a birth date to come.
    """
    try:
        normal: str = hetu.validate(code, allow_temporary=allow_test_codes)
    except ValidationError:
        # The library's own error could carry the code into a log.
        raise IdentityCodeInvalid from None
    if birth_date(normal) > today:
        raise IdentityCodeInvalid
    return normal


def birth_date(code: str) -> date:
    """The birth date that a normalised code says."""
    return date(_CENTURIES[code[6]] + int(code[4:6]), int(code[2:4]), int(code[:2]))
