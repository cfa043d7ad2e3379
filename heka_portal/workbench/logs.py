"""What happened that somebody should look at: refused registrations, dead mail, and the audit log."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.accounts import refusals
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.audit.queries import read_log
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.domain.errors import NotFound, TooLate
from heka_portal.domain.outbox.operations import resend
from heka_portal.domain.outbox.queries import get_dead, list_dead
from heka_portal.extensions import db
from heka_portal.vocabulary import AuditAction, RegistrationObstacle
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.addresses import as_key
from heka_portal.web.cursors import read_cursor, write_cursor
from heka_portal.workbench.base import WorkbenchView

PAGE = 25
LOG_PAGE = 50
MAIL = "/<int:mail_id>/again/"


class RegistrationsView(WorkbenchView):
    """Registrations that came to nothing, and why."""

    access = Rule(Permission.REGISTER_LOOK)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The latest first."""
        actor, at = current_actor(), read_cursor(request.args.get("before"))
        lines = refusals.list_refusals(actor, before=(at.at, at.id) if at else None, limit=PAGE + 1)
        last = lines[PAGE - 1] if len(lines) > PAGE else None
        return self.render(
            "workbench/registers/registrations.html",
            lines=lines[:PAGE],
            may_see_protected=actor.may(Permission.PROTECTED_SEE),
            not_found=RegistrationObstacle.NOT_IN_REGISTER,
            older_url=(
                url_for("admin_registrations.index", before=write_cursor(Cursor(last.created_at, last.id)))
                if last
                else None
            ),
            newest_url=url_for("admin_registrations.index") if at else None,
        )


class MailsView(WorkbenchView):
    """Mail that could not be sent."""

    access = Rule(Permission.MAIL_MANAGE)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The latest first."""
        before = as_key(request.args.get("before"))
        mails = list_dead(before_id=before, limit=PAGE + 1)
        return self.render(
            "workbench/registers/mails.html",
            mails=mails[:PAGE],
            now=clock.now(),
            older_url=url_for("admin_mails.index", before=mails[PAGE - 1].id) if len(mails) > PAGE else None,
            newest_url=url_for("admin_mails.index") if before else None,
        )

    @expose(MAIL, methods=("POST",))
    def again(self, mail_id: int) -> ResponseReturnValue:
        """Send a dead letter again."""
        actor = current_actor()
        try:
            resend(get_dead(mail_id), now=clock.now())
            record_audit(AuditAction.MAIL_RESENT, account_id=actor.account_id, data={"mail": mail_id})
            db.session.commit()
            flash(_("The mail is sent again in a moment."), "good")
        except NotFound:
            db.session.rollback()
            flash(_("Somebody was faster: the mail is already on its way."), "info")
        except TooLate:
            db.session.rollback()
            flash(_("The link in this mail has expired. The person asks for a new one."), "bad")
        return redirect(url_for("admin_mails.index"), code=303)


class AuditView(WorkbenchView):
    """The audit log, to read."""

    access = Rule(Permission.AUDIT_READ)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The latest lines first; by a person where an address names one."""
        before, person_id = as_key(request.args.get("before")), as_key(request.args.get("person"))
        lines = read_log(before=before, person_id=person_id, limit=LOG_PAGE + 1)
        whose = {"person": str(person_id)} if person_id else {}
        last = lines[LOG_PAGE - 1] if len(lines) > LOG_PAGE else None
        return self.render(
            "workbench/registers/audit.html",
            lines=lines[:LOG_PAGE],
            person_id=person_id,
            older_url=url_for("admin_audit.index", before=str(last.id), **whose) if last else None,  # type: ignore[arg-type] # url_for types its own options only
            newest_url=url_for("admin_audit.index", **whose) if before else None,  # type: ignore[arg-type] # as above
        )
