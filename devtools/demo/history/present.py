"""How open cases stand today: most of them in time, because somebody looks after those that wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from devtools.demo.history.life import DONE, Life
from devtools.demo.history.moments import Calendar
from devtools.demo.history.plot import Plot
from devtools.demo.history.town import pick
from heka_portal.domain.cases.workflows.defects import WORKING
from heka_portal.vocabulary import Part, Urgency

#: of the open cases whose time is over, the share that nobody has looked after
NEGLECTED = 0.15
#: of the rest that are running, the share that can wait for planned work
CAN_WAIT = 0.45
#: what is done to a case that is being worked on
CARES = ("await_part",) * 6 + ("await_access",) * 3 + ("ask",) * 3 + ("await_season",) * 2 + ("finish",) * 6
FEW_DAYS = 6


def bring_up_to_date(plot: Plot, calendar: Calendar) -> None:
    """Look after an open case whose time is over, unless it is one of those that are late."""
    life = plot.life
    if not life.is_open or life.state == DONE or life.clock.due_at >= calendar.end:
        return
    if life.dice.random() < NEGLECTED:
        return
    if life.clock.paused_at is None and life.dice.random() < CAN_WAIT and _plan(plot, life, calendar):
        return
    _care(plot, life, calendar)


def _plan(plot: Plot, life: Life, calendar: Calendar) -> bool:
    """Make it planned work, where that gives it time; answers whether it does."""
    urgency = str(Urgency.PLANNED)
    target = plot.town.targets[urgency]
    if target.due(life.opened_at) < calendar.end:
        return False
    actor_id, reason = plot.actors.clerk.account_id, plot.voice.of(plot.words.urgency)
    life.change_urgency(_lately(life, calendar), actor_id, urgency, target, reason)
    return True


def _care(plot: Plot, life: Life, calendar: Calendar) -> None:
    actor_id = plot.actors.clerk.account_id
    if life.state not in WORKING:
        life.move("start", _lately(life, calendar), Part.CLERK, actor_id)
    name, words = pick(life.dice, CARES), plot.words
    lines = {
        "await_part": words.waits,
        "await_access": words.no_access,
        "ask": words.asks,
        "await_season": words.seasons,
        "finish": words.finished,
    }[name]
    needs_day = name in {"await_part", "await_season"}
    most = 140 if name == "await_season" else 35
    day = calendar.today + timedelta(days=1 + int(life.dice.random() * most)) if needs_day else None
    life.move(name, _lately(life, calendar), Part.CLERK, actor_id, text=plot.voice.of(lines), look_again_on=day)


def _lately(life: Life, calendar: Calendar) -> datetime:
    """In the last days, after all that has happened."""
    since = max(life.at, calendar.end - timedelta(days=FEW_DAYS))
    return since + (calendar.end - since) * (0.05 + 0.85 * life.dice.random())
