"""How a case goes: what is done one after the other, and how long each takes; it stops where the history ends."""

from __future__ import annotations

from bisect import bisect
from datetime import datetime, timedelta

from devtools.demo.history.actors import Actors
from devtools.demo.history.life import Life
from devtools.demo.history.moments import Calendar, home_moment, office_moment
from devtools.demo.history.town import Town, pick
from devtools.demo.history.voice import Voice
from heka_portal.domain.cases.deadlines import CHECK_DAYS
from heka_portal.domain.cases.workflows.defects import JOB
from heka_portal.vocabulary import DefectState, Part, Urgency

MOST_ROUNDS = 4
#: a case that is this long says no more, and is not reopened
ENOUGH_LINES = 18
#: how many words the conversation has beside what the moves say, and how common that is
CHATS, CHAT_SHARES = (0, 1, 2, 4, 7, 12), (0.8, 0.89, 0.945, 0.977, 0.992, 1.0)
#: how long a case may stand still (days of age, share of those of at most that age that do)
STALLED = ((7, 0.8), (14, 0.7), (30, 0.6), (60, 0.42), (90, 0.3), (180, 0.13), (365, 0.04), (9999, 0.0015))


class HistoryEnds(Exception):
    """What would come next has not happened yet."""


class Plot:
    """Tells one case."""

    def __init__(self, life: Life, voice: Voice, town: Town, calendar: Calendar) -> None:
        self.life, self.voice, self.dice = life, voice, life.dice
        self.town, self.end = town, calendar.end
        self.actors = Actors(life, town)
        self.words = voice.phrases
        age = (calendar.end - life.opened_at).days
        self.is_stalled = self._chance(next(share for days, share in STALLED if age <= days))

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _until(self, moment: datetime) -> datetime:
        if moment >= self.end:
            raise HistoryEnds
        return moment

    def _office(self, days: float = 0) -> datetime:
        return self._until(office_moment(self.dice, self.life.at, days))

    def _home(self, days: float = 0) -> datetime:
        return self._until(home_moment(self.dice, self.life.at, days))

    def _may_stop(self, share: float = 0.3) -> None:
        if self.is_stalled and self._chance(share):
            raise HistoryEnds

    def tell(self) -> None:
        """From the report to the end, or to the end of the history."""
        try:
            self._begin()
            if self._ends_early():
                return
            for number in range(1, MOST_ROUNDS + 1):
                self._work()
                if self._end(is_last=number == MOST_ROUNDS or len(self.life.lines) >= ENOUGH_LINES):
                    return
        except HistoryEnds:
            pass

    def _begin(self) -> None:
        life, dice = self.life, self.dice
        life.open(self.voice.description())
        self._may_stop(0.2)
        if life.home is None and self._chance(0.18):
            for one in self.town.neighbours(dice, life.place, life.at + timedelta(hours=2), 2):
                life.follow(self._home(), one)
        is_urgent = life.urgency in {Urgency.DANGER, Urgency.HARM}
        wait = dice.random() * (1.2 if is_urgent else 4)
        if self._chance(0.3):
            life.assign(self._office(wait), self.actors.clerk.account_id, self.actors.clerk.staff_id)
            wait = 0
        if self._chance(0.05):
            urgency = str(Urgency.PLANNED if self._chance(0.6) else Urgency.HARM)
            if urgency != life.urgency:
                reason = self.voice.of(self.words.urgency)
                life.change_urgency(
                    self._office(wait), self.actors.clerk.account_id, urgency, self.town.targets[urgency], reason
                )
        if self._chance(0.25):
            self._clerk("triage", self._office(wait))
        self._may_stop()

    def _clerk(self, name: str, at: datetime, **details: object) -> None:
        self.life.move(name, at, Part.CLERK, self.actors.clerk.account_id, **details)  # type: ignore[arg-type]

    def _owner(self, name: str, at: datetime, text: str = "") -> None:
        owner = self.life.owner
        self.life.move(name, at, Part.OWNER, owner.account_id, text=text, person_id=owner.person_id)

    def _ends_early(self) -> bool:
        """Whether it ends without any work: withdrawn, cancelled, not the landlord's, a duplicate."""
        chance, words, at = self.dice.random(), self.words, self._office(self.dice.random() * 3)
        if chance < 0.04 and self.actors.owner_lives_here(at):
            self._owner("withdraw", self._home(), self.voice.of(words.withdrawn))
        elif chance < 0.065:
            self._clerk("cancel", at, text=self.voice.of(words.cancelled))
        elif chance < 0.115:
            self._close_by_rule("close_not_landlords", "bulbs fuses drain_trap own_property", at)
        elif chance < 0.145:
            self._close_by_rule("close_resident_pays", "lost_key_rekeying door_opening damage", at)
        elif chance < 0.175 and self.life.place.latest is not None:
            other_id, number = self.life.place.latest
            self._clerk("close_duplicate", at, data=(("other_number", number),), duplicate_of_id=other_id)
        else:
            return False
        return True

    def _close_by_rule(self, name: str, codes: str, at: datetime) -> None:
        rule_id, price = self.town.rules[pick(self.dice, codes.split())]
        lines = self.words.resident_pays if name == "close_resident_pays" else self.words.not_landlords
        data = (("rule_id", rule_id), *((("price_cents", price),) if price and name == "close_resident_pays" else ()))
        self._clerk(name, at, text=self.voice.of(lines), data=data)

    def _work(self) -> None:
        """One repair, until it is said to be done."""
        chats = CHATS[bisect(CHAT_SHARES, self.dice.random())]
        self._chat(chats - chats // 2)
        if self._chance(0.09) and self.actors.owner_lives_here(self.life.at):
            self._ask()
        self._set_to_work()
        self._may_stop()
        self._chat(chats // 2)
        if self._chance(0.06):
            self._note()
        if self._chance(0.07) and self.life.state != DefectState.RECEIVED:
            self._wait()
        if self.is_stalled:
            raise HistoryEnds
        self._finish()

    def _set_to_work(self) -> None:
        if self._chance(0.34):
            self._order()
        elif self._chance(0.3):
            self._visit(Part.CLERK)
        elif self._chance(0.25):
            self._clerk("start", self._office(self.dice.random() * 3))

    def _ask(self) -> None:
        self._clerk("ask", self._office(), text=self.voice.of(self.words.asks))
        self._may_stop()
        at = self._home(self.dice.random() * 5)
        if self.actors.owner_lives_here(at) and self._chance(0.9):
            self._owner("inform", at, self.voice.of(self.words.answers))
        else:
            self._clerk("start", self._office(7))

    def _order(self) -> None:
        company = self.actors.order()
        self._clerk("order", self._office(self.dice.random() * 2), contractor_id=company.id)
        self._may_stop()
        if self._chance(0.4):
            self._visit(Part.CONTRACTOR)
        elif self._chance(0.3):
            at = self._office(self.dice.random() * 6)
            self.life.move("start", at, Part.CONTRACTOR, self.actors.fitter)

    def _visit(self, part: Part) -> None:
        at = self._office(self.dice.random() * 2)
        begins = office_moment(self.dice, at, 1 + self.dice.random() * 7).replace(minute=0, second=0, microsecond=0)
        actor_id = self.actors.fitter if part is Part.CONTRACTOR else self.actors.clerk.account_id
        self.life.move("schedule", at, part, actor_id, visit=(begins, begins + timedelta(hours=2)))
        self._until(begins)
        if self._chance(0.3):
            begun = max(begins, at) + timedelta(minutes=1 + int(self.dice.random() * 40))
            self.life.move("start", self._until(begun), part, actor_id)

    def _wait(self) -> None:
        """For a part, for somebody at home, or for the summer."""
        chance, at = self.dice.random(), self._office(self.dice.random() * 2)
        if chance < 0.6:
            days = 3 + int(self.dice.random() * 20)
            self._pause("await_part", at, at + timedelta(days=days))
        elif chance < 0.9:
            self._pause("await_access", at, None)
            days = 2 + int(self.dice.random() * 5)
        else:
            days = 20 + int(self.dice.random() * 100)
            self._pause("await_season", at, at + timedelta(days=days))
        self._may_stop(0.6)
        self._clerk("start", self._office(days))

    def _pause(self, name: str, at: datetime, until: datetime | None) -> None:
        words = self.words
        lines = {"await_part": words.waits, "await_access": words.no_access, "await_season": words.seasons}[name]
        look_again_on = until.date() + timedelta(days=1) if until is not None else None
        self._clerk(name, at, text=self.voice.of(lines), look_again_on=look_again_on)

    def _finish(self) -> None:
        at, text = self._office(self.dice.random() * 5), self.voice.of(self.words.finished)
        if self.life.contractor_id is not None and self.life.state in JOB and self._chance(0.85):
            self.life.move("finish", at, Part.CONTRACTOR, self.actors.fitter, text=text)
        else:
            self._clerk("finish", at, text=text)

    def _end(self, *, is_last: bool) -> bool:
        """Whether it is closed for good; otherwise it is open again."""
        if is_last:
            self._lapse()
            return True
        self._answer()
        if self.life.is_open:
            return False
        if self._chance(0.02) and self.actors.owner_lives_here(self.life.at + timedelta(days=12)):
            self._owner("not_fixed", self._home(self.dice.random() * 10), self.voice.of(self.words.not_fixed))
        elif self._chance(0.006):
            self._clerk("reopen", self._office(self.dice.random() * 25), text=self.voice.of(self.words.reopened))
        return not self.life.is_open

    def _answer(self) -> None:
        """What comes of "is it fixed?": the owner's answer, a clerk's, or the worker's after fourteen days."""
        chance, words = self.dice.random(), self.words
        at = home_moment(self.dice, self.life.at, self.dice.random() * 6)
        is_theirs = self.actors.owner_lives_here(at)
        if chance < 0.55 and is_theirs:
            thanks = self.voice.of(words.thanks) if self._chance(0.3) else ""
            self._owner("confirm", self._until(at), thanks)
        elif chance < 0.6 and is_theirs:
            self._owner("not_fixed", self._until(at), self.voice.of(words.not_fixed))
        elif chance < 0.62 and is_theirs:
            self._owner("partly_fixed", self._until(at), self.voice.of(words.partly))
        elif chance < 0.67:
            self._clerk("confirm", self._office(self.dice.random() * 6))
        else:
            self._lapse()

    def _lapse(self) -> None:
        at = self.life.at + timedelta(days=CHECK_DAYS, minutes=self.dice.random() * 50)
        self.life.move("lapse", self._until(at), Part.WORKER, None)

    def _note(self) -> None:
        self.life.note(self._office(), self.actors.clerk.account_id, self.voice.of(self.words.notes))

    def _chat(self, count: int) -> None:
        """Some words between those who take part; nobody answers a question here, that is a move."""
        for _ in range(count):
            if len(self.life.lines) >= ENOUGH_LINES:
                return
            self._say(self.dice.random(), self._home(self.dice.random() * 1.5))

    def _say(self, chance: float, at: datetime) -> None:
        life, owner, words = self.life, self.life.owner, self.words
        if chance < 0.42 and self.actors.owner_lives_here(at):
            life.say(at, owner.account_id, Part.OWNER, self.voice.of(words.resident_says), owner.person_id)
        elif chance < 0.55 and (one := self.actors.household(at)) is not None:
            life.say(at, one.account_id, Part.HOUSEHOLD, self.voice.of(words.resident_says), one.person_id)
        elif chance < 0.7 and life.contractor_id is not None:
            life.say(at, self.actors.fitter, Part.CONTRACTOR, self.voice.of(words.contractor_says))
        else:
            life.say(at, self.actors.clerk.account_id, Part.CLERK, self.voice.of(words.clerk_says))
