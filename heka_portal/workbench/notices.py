"""Write notices: the list, the form, the page to look at before and after they are told, and who has read them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _

from heka_portal import clock
from heka_portal.domain.access import Permission
from heka_portal.domain.attachments.queries import list_files_by_id
from heka_portal.domain.cases.inbox import Cursor
from heka_portal.domain.errors import Changed, DetailNeeded, FileRefused, IllegalMove, NotAllowed
from heka_portal.domain.homes.management import list_managed
from heka_portal.domain.homes.queries import list_regions
from heka_portal.domain.notices.desk import (
    NAMES,
    PAGE,
    content_of,
    count_readers,
    get_written,
    list_acknowledged,
    list_written,
)
from heka_portal.domain.notices.mailing import audience_of, measure
from heka_portal.domain.notices.operations import (
    add_files,
    begin_correction,
    publish_notice,
    remove_file,
    rewrite_notice,
    withdraw_notice,
    write_notice,
)
from heka_portal.domain.notices.places import list_addresses
from heka_portal.domain.notices.queries import find_file, get_correction, list_places
from heka_portal.domain.notices.rules import CORRECTABLE, EDITABLE, WITHDRAWABLE, caution
from heka_portal.extensions import db
from heka_portal.models.notices import Notice
from heka_portal.vocabulary import NoticeState
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.addresses import as_key
from heka_portal.web.cursors import read_cursor, write_cursor
from heka_portal.web.files import Received, receive_files, refusal_sentence, send_stored
from heka_portal.web.notices import all_words, notice_mails, place_words
from heka_portal.web.once import fresh_key
from heka_portal.workbench.base import WorkbenchView
from heka_portal.workbench.forms import VersionPressForm
from heka_portal.workbench.notice_forms import BUILDINGS, REFUSALS, Filled, NoticeForm

BOTH = ("GET", "POST")
OWN, ALL = "own", "all"


class NoticesView(WorkbenchView):
    """Notices, to those who write them."""

    access = Rule(Permission.NOTICE_WRITE)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The reader's own notices, or all that they may work on."""
        actor = current_actor()
        whose = ALL if request.args.get("whose") == ALL else OWN
        word = request.args.get("state")
        state = NoticeState(word) if word in list(NoticeState) else None
        before = as_key(request.args.get("before"))
        lines = list_written(actor, is_own=whose == OWN, state=state, before_id=before, limit=PAGE + 1)
        narrowed: dict[str, Any] = {"whose": whose, **({"state": state} if state else {})}
        return self.render(
            "workbench/notices/index.html",
            lines=lines[:PAGE],
            whose=whose,
            state=state,
            states=list(NoticeState),
            older_url=(
                url_for("admin_notices.index", before=lines[PAGE - 1].id, **narrowed) if len(lines) > PAGE else None
            ),
            newest_url=url_for("admin_notices.index", **narrowed) if before else None,
        )

    @expose("/write/", methods=BOTH)
    def write(self) -> ResponseReturnValue:
        """A new notice."""
        actor = current_actor()
        form = NoticeForm()
        self._offer(form)
        if request.method == "GET" and not actor.may(Permission.NOTICE_WRITE_ALL):
            form.scope.data = BUILDINGS
            form.buildings.data = "\n".join(list_addresses([each.id for each in list_managed(actor)]))
        if not form.validate_on_submit():
            return self._form_page(form)
        content, received = form.to_content(), receive_files(form.files.data or ())
        try:
            notice = write_notice(actor, content, now=clock.now(), form_key=form.key)
            add_files(actor, notice, received.files, language=form.files_are_in, now=clock.now())
        except (NotAllowed, FileRefused) as error:
            return self._refused(form, error)
        db.session.commit()
        return self._kept(notice, received)

    @expose("/<int:notice>/edit/", methods=BOTH)
    def edit(self, notice: int) -> ResponseReturnValue:
        """Change what is not told yet."""
        actor = current_actor()
        found = get_written(actor, notice)
        if found.state not in EDITABLE:
            if request.method == "POST":
                raise IllegalMove(str(found.state))  # its page keeps what was typed
            return self._to(found)
        form = NoticeForm(data=self._filled(found).data())
        self._offer(form)
        if not form.validate_on_submit():
            return self._form_page(form, found)
        content, received = form.to_content(), receive_files(form.files.data or ())
        db.session.rollback()  # it may have moved on while the files were stored
        try:
            found = get_written(actor, notice, for_update=True)
            rewrite_notice(actor, found, content, version=form.version.data or 0, now=clock.now())
            add_files(actor, found, received.files, language=form.files_are_in, now=clock.now())
        except (NotAllowed, FileRefused, Changed) as error:
            return self._refused(form, error, notice)
        db.session.commit()
        return self._kept(found, received)

    @expose("/<int:notice>/")
    def show(self, notice: int) -> ResponseReturnValue:
        """A notice as residents will read it, as mail, how many it reaches, and what can be done."""
        return self._page(get_written(current_actor(), notice))

    @expose("/<int:notice>/publish/", methods=("POST",))
    def publish(self, notice: int) -> ResponseReturnValue:
        """Tell it, now or when its time comes."""
        actor, form = current_actor(), VersionPressForm()
        found = get_written(actor, notice, for_update=True)
        try:
            publish_notice(actor, found, version=form.version.data or 0, now=clock.now())
        except DetailNeeded as needed:
            db.session.rollback()
            flash(str(REFUSALS[needed.need]), "bad")
            return redirect(url_for("admin_notices.edit", notice=notice), code=303)
        db.session.commit()
        told = found.state is NoticeState.PUBLISHED
        flash(_("The notice is published.") if told else _("The notice waits for its time."), "good")
        return self._to(found)

    @expose("/<int:notice>/withdraw/", methods=("POST",))
    def withdraw(self, notice: int) -> ResponseReturnValue:
        """Take it back."""
        actor, form = current_actor(), VersionPressForm()
        found = get_written(actor, notice, for_update=True)
        withdraw_notice(actor, found, version=form.version.data or 0, now=clock.now())
        db.session.commit()
        flash(_("The notice is taken back."), "info")
        return self._to(found)

    @expose("/<int:notice>/correct/", methods=("POST",))
    def correct(self, notice: int) -> ResponseReturnValue:
        """Begin a correction: a draft with the same words, that takes the notice's place when it is published."""
        actor = current_actor()
        key = request.form.get("form_key")
        correction = begin_correction(
            actor, get_written(actor, notice), form_key=key if key and len(key) <= 64 else None, now=clock.now()
        )
        db.session.commit()
        flash(_("This is the draft of the correction. Change the text, then publish it."), "info")
        return redirect(url_for("admin_notices.edit", notice=correction.id), code=303)

    @expose("/<int:notice>/readers/")
    def readers(self, notice: int) -> ResponseReturnValue:
        """Who has confirmed that they have read it, where that was asked."""
        actor, at = current_actor(), read_cursor(request.args.get("before"))
        found = get_written(actor, notice)
        lines = list_acknowledged(found, before=(at.at, at.id) if at else None, limit=NAMES + 1)
        last = lines[NAMES - 1] if len(lines) > NAMES else None
        older = write_cursor(Cursor(last.at, last.account_id)) if last else None
        return self.render(
            "workbench/notices/readers.html",
            notice=found,
            words=found.text_in(found.languages[0]),
            lines=lines[:NAMES],
            may_see_protected=actor.may(Permission.PROTECTED_SEE),
            older_url=url_for("admin_notices.readers", notice=notice, before=older) if older else None,
            newest_url=url_for("admin_notices.readers", notice=notice) if at else None,
        )

    @expose("/<int:notice>/files/<key>/")
    def file(self, notice: int, key: str) -> ResponseReturnValue:
        """A file of a notice."""
        return send_stored(find_file(get_written(current_actor(), notice), key))

    @expose("/<int:notice>/files/<key>/remove/", methods=("POST",))
    def remove_file(self, notice: int, key: str) -> ResponseReturnValue:
        """Take a file off a notice that is not told yet."""
        actor = current_actor()
        found = get_written(actor, notice, for_update=True)
        remove_file(actor, found, find_file(found, key).id)
        db.session.commit()
        return redirect(url_for("admin_notices.edit", notice=notice), code=303)

    def _page(self, notice: Notice) -> str:
        now = clock.now()
        words = all_words(notice)
        press = VersionPressForm(formdata=None)
        press.version.data = notice.version
        begins = max(notice.visible_from or now, now)
        return self.render(
            "workbench/notices/show.html",
            notice=notice,
            previews=words,
            mails=notice_mails(notice, words),
            press=press,
            correction_key=fresh_key(),
            files=list_files_by_id([each.attachment_id for each in notice.files]),
            places=place_words(list_places(notice.id)),
            size=measure(audience_of(notice), now=now) if notice.state in EDITABLE else None,
            caution=caution(notice.kind, notice.languages, happens_from=notice.happens_from, told_at=begins),
            readers=count_readers(notice) if notice.published_at else None,
            corrected_by=get_correction(notice.id, now=now) if notice.state in CORRECTABLE else None,
            may_edit=notice.state in EDITABLE,
            may_withdraw=notice.state in WITHDRAWABLE,
            may_correct=notice.state in CORRECTABLE and notice.published_at is not None,
            now=now,
        )

    def _form_page(self, form: NoticeForm, notice: Notice | None = None) -> str:
        files = list_files_by_id([each.attachment_id for each in notice.files]) if notice is not None else {}
        return self.render("workbench/notices/write.html", form=form, notice=notice, files=files)

    def _offer(self, form: NoticeForm) -> None:
        form.offer(list_regions(), may_all=current_actor().may(Permission.NOTICE_WRITE_ALL))

    def _filled(self, notice: Notice) -> Filled:
        lines: dict[str, list[str]] = {}
        for place in list_places(notice.id):
            if place.street_address is not None:
                lines.setdefault(place.street_address, []).extend([place.staircase] if place.staircase else [])
        typed = "\n".join(f"{street}: {', '.join(stairs)}" if stairs else street for street, stairs in lines.items())
        return Filled(content_of(notice), typed, notice.version)

    def _refused(self, form: NoticeForm, error: Exception, notice: int | None = None) -> ResponseReturnValue:
        """The form again, with what was typed, and why it was not kept."""
        db.session.rollback()
        if isinstance(error, FileRefused):
            form.files.errors = (refusal_sentence(error.refusal, error.name),)
        elif isinstance(error, Changed):
            form.form_errors.append(
                _("Someone changed this notice meanwhile. Your text is here: compare, and save it again.")
            )
        else:
            form.scope.errors = (_("You can only write to the buildings that you manage."),)
        found = get_written(current_actor(), notice) if notice is not None else None
        if found is not None:
            form.version.data = found.version
        return self._form_page(form, found), 409 if isinstance(error, Changed) else 200

    def _kept(self, notice: Notice, received: Received) -> ResponseReturnValue:
        for sentence in received.refusals:
            flash(sentence, "bad")
        flash(_("The draft is saved. Nobody but its writers sees it yet."), "good")
        return self._to(notice)

    def _to(self, notice: Notice) -> ResponseReturnValue:
        return redirect(url_for("admin_notices.show", notice=notice.id), code=303)
