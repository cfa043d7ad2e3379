"""Codes of the second factor: guesses are braked, recorded, and told to the owner; the picture for a code app."""

from __future__ import annotations

from collections.abc import Callable

import segno

from heka_portal.domain.accounts.operations.second_factor import provisioning_address, record_wrong_code
from heka_portal.domain.accounts.records import is_known_device
from heka_portal.domain.accounts.rules import WrongCode
from heka_portal.extensions import db
from heka_portal.web import limits
from heka_portal.web.devices import present_visit


def try_code(account_id: int, email: str, attempt: Callable[[], object]) -> bool:
    """Whether an attempt with a code goes well. Commits either way. Raises TooManyRequests.

    Who knows the password and guesses slowly is stopped by the day's count, and the owner learns of it by mail; those
    whose browser the account knows are counted apart, so that a stranger cannot keep them out.
    """
    key = brake(account_id, email)
    limits.hit("second-factor/day", key)
    try:
        attempt()
    except WrongCode:
        db.session.rollback()  # lets go of the account: the count has a transaction of its own
        record_wrong_code(account_id, is_told=limits.fills("second-factor/told", str(account_id)))
        db.session.commit()
        return False
    db.session.commit()
    limits.give_back("second-factor/day", key)
    return True


def brake(account_id: int, email: str) -> str:
    """Count an attempt of the present quarter of an hour; returns who is counted. Raises TooManyRequests."""
    key = f"{'known' if is_known_device(email, present_visit().device) else 'any'}/{account_id}"
    limits.hit("second-factor/account", key)
    return key


def app_picture(secret: str, *, email: str, issuer: str) -> str:
    """The picture that a code app reads, as an address of its own."""
    address = provisioning_address(secret, email=email, issuer=issuer)
    return str(segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))
