"""The topics of messages: who answers them, how fast, and what residents read; staff add and change them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import NumberRange

from heka_portal.domain.access import Permission
from heka_portal.domain.enquiries.operations import TopicFacts, add_topic, save_topic
from heka_portal.domain.enquiries.queries import get_topic_by_id, list_all_topics
from heka_portal.domain.enquiries.rules import MOST_WORKING_DAYS
from heka_portal.domain.errors import DetailNeeded
from heka_portal.extensions import db
from heka_portal.models.enquiries import Topic
from heka_portal.vocabulary import CaseQueue
from heka_portal.web.access import Rule, current_actor
from heka_portal.web.fields import Needed, Select, StrippedString, options
from heka_portal.web.forms import PortalForm
from heka_portal.web.labels import label
from heka_portal.workbench.base import WorkbenchView

FACTS = tuple(TopicFacts.__dataclass_fields__)


def _name(language: Any) -> StrippedString:
    return StrippedString(language, [Needed(_l("Write the name in each language"))], at_most=80)


def _hint(language: Any) -> StrippedString:
    return StrippedString(language, [Needed(_l("Write the hint in each language"))], at_most=200)


class TopicForm(PortalForm):
    """A topic as staff keep it."""

    name_fi = _name(_l("Name in Finnish"))
    name_sv = _name(_l("Name in Swedish"))
    name_en = _name(_l("Name in English"))
    hint_fi = _hint(_l("What belongs to it, in Finnish"))
    hint_sv = _hint(_l("What belongs to it, in Swedish"))
    hint_en = _hint(_l("What belongs to it, in English"))
    queue = Select(_l("Queue"), [Needed(_l("Choose the queue"))], choices=lambda: options(list(CaseQueue), label))
    working_days = IntegerField(
        _l("Answered in working days"),
        [Needed(_l("Write in how many working days it is answered")), NumberRange(1, MOST_WORKING_DAYS)],
    )
    position = IntegerField(
        _l("Place in the list"), [Needed(_l("Write its place in the list, for example 50")), NumberRange(1, 9999)]
    )
    is_for_manager = BooleanField(_l("The manager of the building handles its messages"))
    is_sensitive = BooleanField(_l("Sensitive: shown to residents only after they have identified themselves"))
    is_active = BooleanField(_l("Residents can choose it"))

    def to_facts(self) -> TopicFacts:
        """What is kept."""
        given: dict[str, Any] = {name: self[name].data for name in FACTS}
        return TopicFacts(**{**given, "queue": CaseQueue(self.queue.data)})


class NewTopicForm(TopicForm):
    """A new topic, with the code that stays its own."""

    code = StrippedString(
        _l("Code"), [Needed(_l("Write a code of small letters, for example bicycle_storage"))], at_most=40
    )


class TopicsView(WorkbenchView):
    """The topics of messages."""

    access = Rule(Permission.TOPIC_MANAGE)

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All topics, also those that are not offered any more."""
        return self.render("workbench/topics/index.html", topics=list_all_topics(current_actor()))

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> ResponseReturnValue:
        """Add a topic."""
        form = NewTopicForm(data={"is_active": True, "working_days": 3} if request.method == "GET" else None)
        if form.validate_on_submit():
            try:
                add_topic(current_actor(), code=form.code.data, facts=form.to_facts())
                db.session.commit()
            except DetailNeeded:
                db.session.rollback()
                form.code.errors = (str(_("Small letters, numbers and _ only, and no other topic has it")),)
            else:
                return self._saved()
        return self.render("workbench/topics/topic.html", form=form, topic=None)

    @expose("/<int:topic_id>/", methods=("GET", "POST"))
    def edit(self, topic_id: int) -> ResponseReturnValue:
        """Change a topic."""
        topic = get_topic_by_id(topic_id, for_update=request.method == "POST")
        form = TopicForm(data=_given(topic))
        if form.validate_on_submit():
            save_topic(current_actor(), topic, facts=form.to_facts())
            db.session.commit()
            return self._saved()
        return self.render("workbench/topics/topic.html", form=form, topic=topic)

    def _saved(self) -> ResponseReturnValue:
        flash(_("The topic is saved."), "good")
        return redirect(url_for("admin_topics.index"), code=303)


def _given(topic: Topic) -> dict[str, Any]:
    return {name: getattr(topic, name) for name in FACTS}
