"""The words of each mail: what it says, why it came, and where its one link leads. No content of a case.

A row a kind; both forms of a mail, text and HTML, are made from it, so they say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from heka_portal.vocabulary import MailKind


@dataclass(frozen=True)
class Words:
    """What one kind of mail says; `%(number)s` stands for the case's number, `%(title)s` for a notice's title."""

    subject: Any
    paragraphs: tuple[Any, ...]
    #: the words of the link, the endpoint it leads to, and which params its address needs
    action: Any
    endpoint: str
    why: Any
    address: tuple[str, ...] = ()
    #: what is said after the link
    after: tuple[Any, ...] = ()


_TAKES_PART = _l("You get this mail because you take part in this case.")
_HAS_ACCOUNT = _l("You get this mail because this address belongs to an account in Heka's Resident Portal.")
_GAVE_ADDRESS = _l("You get this mail because this address was given in Heka's Resident Portal.")
_NO_CONTENT = _l("To protect your privacy, this mail does not say what it is about.")
_NOT_YOU = _l("If it was not you, choose a new password now. Then call us.")
_IGNORE = _l("If you did not ask for this, you need not do anything.")
_ONE_DAY = _l("The link works once and for 24 hours.")
_SEE_CASE = _l("Open the case")
_SIGN_IN_TO_READ = _l("Sign in to read it.")
_LIVES_HERE = _l("You get this mail because you live in a home of Heka, or will move into one.")
_YOU_OR_NOT = (_l("If it was you, everything is fine."), _NOT_YOU)
_SEE_FACTORS = _l("See your two-step sign-in")

LETTERS: Mapping[MailKind, Words] = {
    MailKind.CONFIRM_ACCOUNT: Words(
        subject=_l("Confirm your email address"),
        paragraphs=(_l("Your account in Heka's Resident Portal is almost ready."), _ONE_DAY),
        action=_l("Confirm the address"),
        endpoint="registration.confirm",
        address=("token",),
        after=(_IGNORE,),
        why=_GAVE_ADDRESS,
    ),
    MailKind.EMAIL_IN_USE: Words(
        subject=_l("This email address is already in use"),
        paragraphs=(
            _l("Somebody registered in Heka's Resident Portal with this email address."),
            _l("Another person's account already uses the address, so no new account was made."),
            _l("Each person needs an email address of their own. People who share a mailbox cannot share the address."),
        ),
        action=_l("Register with another address"),
        endpoint="auth.register",
        after=(
            _l("Do you have no other address? Call customer service."),
            _l("If you have nothing to do with this, you need not do anything. The account in use is not affected."),
        ),
        why=_GAVE_ADDRESS,
    ),
    MailKind.RESET_PASSWORD: Words(
        subject=_l("Choose a new password"),
        paragraphs=(_l("A new password was asked for your account in Heka's Resident Portal."), _ONE_DAY),
        action=_l("Choose a new password"),
        endpoint="auth.reset",
        address=("token",),
        after=(_l("If you did not ask for this, you need not do anything. Your old password stays in use."),),
        why=_HAS_ACCOUNT,
    ),
    MailKind.PASSWORD_CHANGED: Words(
        subject=_l("Your password was changed"),
        paragraphs=(
            _l("The password of your account in Heka's Resident Portal was changed."),
            _l("If it was you, everything is fine."),
            _NOT_YOU,
        ),
        action=_l("Choose a new password"),
        endpoint="auth.forgotten",
        why=_HAS_ACCOUNT,
    ),
    MailKind.NEW_DEVICE: Words(
        subject=_l("Sign-in on a new device"),
        paragraphs=(
            _l(
                "Somebody signed in to your account in Heka's Resident Portal on a device or browser that is new to us."
            ),
            _l("If it was you, everything is fine."),
            _NOT_YOU,
        ),
        action=_l("See where you are signed in"),
        endpoint="account.sessions",
        why=_HAS_ACCOUNT,
    ),
    MailKind.CONFIRM_NEW_EMAIL: Words(
        subject=_l("Confirm your new email address"),
        paragraphs=(
            _l("This address was given as the new email of an account in Heka's Resident Portal."),
            _l("It is taken into use when you confirm it. We ask the old address too, where it can still be read."),
            _ONE_DAY,
        ),
        action=_l("Confirm the address"),
        endpoint="account.email.confirm",
        address=("token",),
        after=(_IGNORE,),
        why=_GAVE_ADDRESS,
    ),
    MailKind.CONFIRM_OLD_EMAIL: Words(
        subject=_l("Is the change of your email yours?"),
        paragraphs=(
            _l("Another email address was asked for your account in Heka's Resident Portal."),
            _l("Confirm it here only if you asked for it yourself. The new address has a link of its own."),
            _ONE_DAY,
        ),
        action=_l("Confirm the change"),
        endpoint="account.email.confirm",
        address=("token",),
        after=(_l("If it was not you, do not open the link. Sign in and change your password. Then call us."),),
        why=_HAS_ACCOUNT,
    ),
    MailKind.NEW_EMAIL_IN_USE: Words(
        subject=_l("This email address is already in use"),
        paragraphs=(
            _l("Somebody wanted to take this address into use in Heka's Resident Portal."),
            _l("An account uses the address already, so nothing was changed."),
        ),
        action=_l("Sign in"),
        endpoint="auth.sign_in",
        after=(
            _l("If you have nothing to do with this, you need not do anything. The account in use is not affected."),
        ),
        why=_GAVE_ADDRESS,
    ),
    MailKind.EMAIL_CHANGED: Words(
        subject=_l("Your email was changed"),
        paragraphs=(
            _l("The account in Heka's Resident Portal that had this address has another one now."),
            _l("If it was you, everything is fine."),
            _l("If it was not you, undo the change here. The link works for 7 days. Then call us."),
        ),
        action=_l("Undo the change"),
        endpoint="account.email.undo",
        address=("token",),
        why=_HAS_ACCOUNT,
    ),
    MailKind.EMAIL_CHANGED_BY_IDENTIFICATION: Words(
        subject=_l("Your email was changed"),
        paragraphs=(
            _l("The account in Heka's Resident Portal that had this address has another one now."),
            _l("The change was made by strong identification of the account's owner."),
            _l("If it was not you, call us at once."),
        ),
        action=_l("Contact details and regional offices"),
        endpoint="public.contact",
        why=_HAS_ACCOUNT,
    ),
    MailKind.BANK_ACCOUNT_GIVEN: Words(
        subject=_l("A new bank account number was given"),
        paragraphs=(
            _l("A new bank account number was given in your name in Heka's Resident Portal."),
            _l("It takes effect in 72 hours. Until then it can be stopped."),
            _l("If it was you, everything is fine."),
            _l("If it was not you, stop it now and change your password. Then call us."),
        ),
        action=_l("See the bank account, stop the change"),
        endpoint="resident.details.bank_account",
        why=_HAS_ACCOUNT,
    ),
    MailKind.BANK_ACCOUNT_STOPPED: Words(
        subject=_l("The change of your bank account was stopped"),
        paragraphs=(
            _l("The bank account number that was to take effect was stopped. Nothing is paid to it."),
            _l("If it was not you, change your password. Then call us."),
        ),
        action=_l("See the bank account"),
        endpoint="resident.details.bank_account",
        why=_HAS_ACCOUNT,
    ),
    MailKind.CODE_APP_ADDED: Words(
        subject=_l("A code app was taken into use"),
        paragraphs=(
            _l("From now on a code of the app is asked for when you sign in to Heka's Resident Portal."),
            *_YOU_OR_NOT,
        ),
        action=_SEE_FACTORS,
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.CODE_APP_REMOVED: Words(
        subject=_l("Your code app was turned off"),
        paragraphs=(
            _l("The app's codes are no longer asked for when you sign in to Heka's Resident Portal."),
            *_YOU_OR_NOT,
        ),
        action=_SEE_FACTORS,
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.PASSKEY_ADDED: Words(
        subject=_l("A passkey was added to your account"),
        paragraphs=(_l("With it one can sign in to your account in Heka's Resident Portal."), *_YOU_OR_NOT),
        action=_SEE_FACTORS,
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.PASSKEY_REMOVED: Words(
        subject=_l("A passkey was removed from your account"),
        paragraphs=(
            _l("It no longer signs anybody in to your account in Heka's Resident Portal."),
            *_YOU_OR_NOT,
        ),
        action=_SEE_FACTORS,
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.RECOVERY_CODES_MADE: Words(
        subject=_l("You have new recovery codes"),
        paragraphs=(
            _l("New recovery codes were made for your account in Heka's Resident Portal. Earlier ones no longer work."),
            *_YOU_OR_NOT,
        ),
        action=_SEE_FACTORS,
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.SECOND_FACTOR_RESET: Words(
        subject=_l("Two-step sign-in was turned off"),
        paragraphs=(
            _l("Your account in Heka's Resident Portal was taken into use again by strong identification."),
            _l("Its passkeys, code app and recovery codes were removed. You can turn two-step sign-in on again."),
            _l("If it was not you, call us."),
        ),
        action=_l("Turn two-step sign-in on"),
        endpoint="second_factor.index",
        why=_HAS_ACCOUNT,
    ),
    MailKind.WRONG_CODES: Words(
        subject=_l("Wrong codes at sign-in"),
        paragraphs=(
            _l("Somebody gave the right password of your account in Heka's portal today, but wrong codes after it."),
            _l("If it was you, everything is fine."),
            _l("If it was not you, somebody knows your password: choose a new one now."),
        ),
        action=_l("Choose a new password"),
        endpoint="auth.forgotten",
        why=_HAS_ACCOUNT,
    ),
    MailKind.DATA_EXPORT_READY: Words(
        subject=_l("The copy of your data is ready"),
        paragraphs=(
            _l("The copy of your data that you asked for in Heka's Resident Portal is ready."),
            _l("You can fetch it for 7 days. You identify yourself for it."),
        ),
        action=_l("Fetch the copy"),
        endpoint="account.data.index",
        after=(_l("If you did not ask for it, sign in and change your password. Then call us."),),
        why=_HAS_ACCOUNT,
    ),
    MailKind.CASE_RECEIVED: Words(
        subject=_l("Case %(number)s: we have received it"),
        paragraphs=(
            _l("Your case %(number)s has reached us. You do not need to call."),
            _l("The case page shows what happens next and by when."),
            _NO_CONTENT,
        ),
        action=_SEE_CASE,
        endpoint="resident.matters.show",
        address=("number",),
        why=_TAKES_PART,
    ),
    MailKind.CASE_NEWS: Words(
        subject=_l("Case %(number)s: there is news"),
        paragraphs=(_l("There is news in case %(number)s."), _NO_CONTENT),
        action=_SEE_CASE,
        endpoint="resident.matters.show",
        address=("number",),
        why=_TAKES_PART,
    ),
    MailKind.CASE_NEEDS_YOU: Words(
        subject=_l("Case %(number)s: we need your answer"),
        paragraphs=(_l("Case %(number)s waits for you. Please look at it soon."), _NO_CONTENT),
        action=_l("Open the case and answer"),
        endpoint="resident.matters.show",
        address=("number",),
        why=_TAKES_PART,
    ),
    MailKind.CASE_CLOSED: Words(
        subject=_l("Case %(number)s is closed"),
        paragraphs=(
            _l("Case %(number)s is closed. The case page tells why."),
            _l("If it is not settled, say so on the case page."),
            _NO_CONTENT,
        ),
        action=_SEE_CASE,
        endpoint="resident.matters.show",
        address=("number",),
        why=_TAKES_PART,
    ),
    MailKind.JOB_ASSIGNED: Words(
        subject=_l("Job %(number)s: a new job for you"),
        paragraphs=(_l("Job %(number)s has been ordered from your company."), _NO_CONTENT),
        action=_l("Open the job"),
        endpoint="admin_cases.show",
        address=("number",),
        why=_l("You get this mail because you work for a maintenance company of Heka."),
    ),
    MailKind.RESCUE_PLAN_CHANGED: Words(
        subject=_l("Your building has a new rescue plan"),
        paragraphs=(
            _l("The rescue plan of a building where you have a home has changed."),
            _l("It tells what to do in a fire and in other dangers. Read it, and keep it on your phone or on paper."),
        ),
        action=_l("Read the rescue plan"),
        endpoint="resident.building.plan",
        address=("building_id",),
        after=(_l("In an emergency call 112."),),
        why=_l("You get this mail because you have an account in Heka's Resident Portal and a home in the building."),
    ),
    MailKind.NOTICE: Words(
        subject=_l("Notice: %(title)s"),
        paragraphs=(_l("There is a new notice for you in Heka's Resident Portal."), _SIGN_IN_TO_READ),
        action=_l("Read the notice"),
        endpoint="resident.notices.show",
        address=("notice",),
        why=_LIVES_HERE,
    ),
    MailKind.NOTICE_URGENT: Words(
        subject=_l("Urgent: %(title)s"),
        paragraphs=(_l("There is an urgent notice for you in Heka's Resident Portal."), _SIGN_IN_TO_READ),
        action=_l("Read the notice now"),
        endpoint="resident.notices.show",
        address=("notice",),
        why=_LIVES_HERE,
    ),
}
