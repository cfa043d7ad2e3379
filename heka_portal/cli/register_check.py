"""Why a person can or cannot register, in sentences for staff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from heka_portal.domain.people.queries import KnownPerson
from heka_portal.domain.people.rules import Registrant, adult_on, registration_obstacle
from heka_portal.vocabulary import RegistrationObstacle


@dataclass(frozen=True)
class Answer:
    """Whether a person can register, and what to say about it."""

    can_register: bool
    text: str


def nobody(*, by_code: bool) -> str:
    """What to say when nobody was found."""
    if by_code:
        return (
            "Nobody in the register has this identity code. Their row has not come yet, or it lacks the code or has "
            "another one: look the person up by --name."
        )
    return "Nobody like this is in the register. If the lease was signed just now, its row has not come yet."


def explain(person: KnownPerson, registrant: Registrant | None, on: date) -> Answer:
    """Why this person of the register can or cannot register on a date in Helsinki."""
    hindrances = list(_hindrances(registrant, on))
    lines = [f"{person.first_names} {person.last_name} ({person.register_id}), born {written(person.birth_on)}"]
    if hindrances:
        lines += [f"  Cannot register. {hindrance}" for hindrance in hindrances]
    elif registrant and registrant.account_id is not None:
        lines.append(
            "  Has an account already: they sign in, or identify themselves again to set a new email and password."
        )
    else:
        lines.append("  Can register: an adult with a home, whose identity code is in the register.")
    return Answer(not hindrances, "\n".join(lines))


def _hindrances(registrant: Registrant | None, on: date) -> Iterator[str]:
    if registrant and not registrant.has_identity_code:
        yield "The register has no identity code for this person: it must come in people.csv."
    match registration_obstacle(registrant, on):
        case RegistrationObstacle.NOT_IN_REGISTER:
            yield "The person is not in the register."
        case RegistrationObstacle.UNDER_AGE if registrant:
            yield f"Under age: can register from {written(adult_on(registrant.birth_on))}, the 18th birthday."
        case RegistrationObstacle.NO_HOME:
            yield "No lease and no line in the register of occupants: neither now nor from a day to come."
        case RegistrationObstacle.LEASE_ENDED if registrant and registrant.home_ended_on:
            yield f"The last lease or residence ended: since {written(registrant.home_ended_on)} there is none."


def written(day: date) -> str:
    """A date as `3.12.2026`."""
    return f"{day.day}.{day.month}.{day.year}"
