"""One's own details: what the portal keeps by one's own word, beside what the landlord's register says."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.blueprints.resident.details import corrections
from heka_portal.blueprints.resident.details.forms import MAIL_CHOICES, BankAccountForm, ContactForm, MailsForm
from heka_portal.domain.access import Permission
from heka_portal.domain.details.operations.bank_accounts import confirm_account, give_account, stop_account
from heka_portal.domain.details.operations.contact import change_contact, choose_mails
from heka_portal.domain.details.queries import (
    get_given_number,
    get_own_details,
    list_bank_accounts,
    list_refused_mails,
)
from heka_portal.domain.details.rules import CONFIRMING_LIFE, HOLD, NotFresh, group_iban
from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.extensions import db
from heka_portal.vocabulary import Language
from heka_portal.web import limits
from heka_portal.web.access import current_actor, requires
from heka_portal.web.addresses import as_key
from heka_portal.web.step_up import is_fresh

bp = Blueprint("details", __name__, url_prefix="/details")

BOTH = ["GET", "POST"]

corrections.add_to(bp)


@bp.get("")
@requires(Permission.OWN_DETAILS)
def index() -> ResponseReturnValue:
    """All of one's own details, each with the way to change it."""
    actor = current_actor()
    refused = list_refused_mails(actor)
    return render_template(
        "resident/details/index.html",
        details=get_own_details(actor),
        accounts=list_bank_accounts(actor),
        mails=[words for kind, words in MAIL_CHOICES.items() if kind not in refused],
    )


@bp.route("/contact", methods=BOTH)
@requires(Permission.OWN_DETAILS)
def contact() -> ResponseReturnValue:
    """Change phone, postal address and language."""
    actor = current_actor()
    details = get_own_details(actor)
    form = ContactForm(details)
    if form.validate_on_submit():
        change_contact(actor, form.to_contact(), language=Language(form.language.data))
        db.session.commit()
        flash(_("Your contact details are saved."), "good")
        return redirect(url_for("resident.details.index"), code=303)
    return render_template("resident/details/contact.html", form=form, details=details)


@bp.route("/mails", methods=BOTH)
@requires(Permission.OWN_DETAILS)
def mails() -> ResponseReturnValue:
    """Choose which mails one gets."""
    actor = current_actor()
    form = MailsForm(list_refused_mails(actor))
    if form.validate_on_submit():
        choose_mails(actor, form.refused)
        db.session.commit()
        flash(_("Your choice is saved."), "good")
        return redirect(url_for("resident.details.index"), code=303)
    return render_template("resident/details/mails.html", form=form)


@bp.get("/bank-account")
@requires(Permission.OWN_DETAILS)
def bank_account() -> ResponseReturnValue:
    """The account money goes to, one that waits, and those before."""
    return render_template("resident/details/bank_account.html", accounts=list_bank_accounts(current_actor()))


@bp.route("/bank-account/new", methods=BOTH)
@requires(Permission.OWN_DETAILS)
def new_bank_account() -> ResponseReturnValue:
    """Write a number; it is kept until it is confirmed, so that identifying in between loses nothing."""
    actor, form = current_actor(), BankAccountForm()
    if form.validate_on_submit() and form.number is not None:
        limits.hit("bank-account/account", str(actor.account_id))
        give_account(actor, form.number)
        db.session.commit()
        return redirect(url_for("resident.details.confirm_bank_account"), code=303)
    return render_template("resident/details/new_bank_account.html", form=form)


@bp.route("/bank-account/confirm", methods=BOTH)
@requires(Permission.OWN_DETAILS)
def confirm_bank_account() -> ResponseReturnValue:
    """The number once more, a fresh identification, and the press that starts the 72 hours."""
    actor, now = current_actor(), clock.now()
    if request.method == "POST":
        try:
            confirm_account(actor, as_key(request.form.get("account")) or 0, now=now)
        except NotFresh:
            flash(_("Your identification has expired. Identify yourself again, the number is kept."), "info")
            return redirect(url_for("resident.details.confirm_bank_account"), code=303)
        except NotFound:
            db.session.rollback()
            return number_is_gone()
        db.session.commit()
        flash(_("Your new account number takes effect in 72 hours. We told you of the change by mail."), "good")
        return redirect(url_for("resident.details.bank_account"), code=303)
    given = get_given_number(actor, since=now - CONFIRMING_LIFE)
    if given is None:
        return number_is_gone()
    return render_template(
        "resident/details/confirm_bank_account.html",
        given=given,
        grouped=group_iban(given.iban),
        accounts=list_bank_accounts(actor, now=now),
        is_fresh=is_fresh(),
        takes_effect_at=now + HOLD,
    )


def number_is_gone() -> ResponseReturnValue:
    """A number that was given too long ago, or in another session, is written anew."""
    flash(_("Write the account number again. A number waits 30 minutes to be confirmed."), "info")
    return redirect(url_for("resident.details.new_bank_account"), code=303)


@bp.route("/bank-account/<int:account_id>/stop", methods=BOTH)
@requires(Permission.OWN_MATTERS)
def stop_bank_account(account_id: int) -> ResponseReturnValue:
    """Stop a number before it takes effect. Raises NotFound for another's."""
    actor = current_actor()
    line = next((line for line in list_bank_accounts(actor).history if line.id == account_id), None)
    if line is None:
        raise NotFound
    if request.method == "GET":
        return render_template("resident/details/stop_bank_account.html", line=line)
    try:
        stop_account(actor, account_id)
    except TooLate:
        db.session.rollback()
        flash(_("The account number is in use already. Give a new one to change it."), "bad")
    else:
        db.session.commit()
        flash(_("The new account number was stopped. Nothing is paid to it."), "good")
    to = "resident.details.bank_account" if actor.may(Permission.OWN_DETAILS) else "resident.home"
    return redirect(url_for(to), code=303)
