"""What stands beside a case of one kind only: how one gets into the home of a defect, what a message is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from heka_portal import clock
from heka_portal.domain.cases.facts import Facts
from heka_portal.domain.defects.operations import AccessFacts, access_facts, access_for_contractor
from heka_portal.domain.enquiries.queries import get_topic_and_about
from heka_portal.models.cases import Case
from heka_portal.models.defects import Defect
from heka_portal.models.enquiries import Enquiry, Topic
from heka_portal.vocabulary import CaseKind


@dataclass(frozen=True)
class Beside:
    """What the side of a case is made of."""

    case: Case
    facts: Facts
    is_clerk: bool
    is_hidden: bool
    now: datetime


@dataclass(frozen=True)
class DefectSide:
    """What only a defect shows: how one gets in."""

    access: AccessFacts | None
    #: the resident's permission to enter ended with their lease
    is_access_over: bool


def _defect_side(beside: Beside) -> DefectSide:
    case, facts = beside.case, beside.facts
    assert isinstance(case, Defect)  # noqa: S101 - the table of sides says so
    has_left = has_left_home(facts, on=clock.date_in_helsinki(beside.now))
    access = access_for_reader(
        None if has_left else access_facts(case),
        is_clerk=beside.is_clerk,
        is_hidden=beside.is_hidden,
        is_protected=facts.owner_is_protected,
    )
    return DefectSide(access, is_access_over=has_left and case.master_key is not None)


@dataclass(frozen=True)
class EnquirySide:
    """What only a message shows: its topic and what it is about."""

    topic: Topic
    about_number: int | None
    about_notice_id: int | None
    is_sensitive: bool


def _enquiry_side(beside: Beside) -> EnquirySide:
    case = beside.case
    assert isinstance(case, Enquiry)  # noqa: S101 - as above
    topic, about_number, about_notice = get_topic_and_about(case)
    return EnquirySide(topic, about_number, about_notice, case.is_sensitive or topic.is_sensitive)


SIDES: Mapping[CaseKind, Callable[[Beside], DefectSide | EnquirySide]] = {
    CaseKind.DEFECT: _defect_side,
    CaseKind.ENQUIRY: _enquiry_side,
}


def has_left_home(facts: Facts, *, on: date) -> bool:
    """Whether the lease has ended: who may come in is the next tenant's to say, not who reported the defect."""
    return facts.lease_ends_on is not None and facts.lease_ends_on <= on


def access_for_reader(
    access: AccessFacts | None, *, is_clerk: bool, is_hidden: bool, is_protected: bool
) -> AccessFacts | None:
    """The access facts without the phone, where it is not for this reader."""
    if access is None or (is_clerk and not is_hidden):
        return access
    # A work order never holds a protected person's phone, not even one they shared.
    return access_without_phone(access) if is_clerk or is_protected else access_for_contractor(access)


def access_without_phone(access: AccessFacts) -> AccessFacts:
    """The same without the way to call."""
    return AccessFacts(access.master_key, access.pets, access.has_safety_chain)
