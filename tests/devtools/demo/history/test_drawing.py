from collections import Counter
from datetime import timedelta

import pytest

from devtools.demo.cast import HOMES
from devtools.demo.history.census import read_town
from devtools.demo.history.drawing import draw_cases
from devtools.demo.history.moments import Calendar
from devtools.demo.history.rows import pages_of
from heka_portal import clock
from heka_portal.domain.cases.workflows.defects import DEFECTS
from heka_portal.extensions import db
from heka_portal.vocabulary import Part, Verb


@pytest.fixture
def draw(landlord, load):
    """`draw(cases)`: cases over a town with accounts, without writing them."""
    load(1)

    def draw(cases):
        today = clock.today()
        with landlord.app_context(), db.engine.connect() as connection:
            return list(draw_cases(read_town(connection, today), Calendar(today, cases)))

    return draw


def test_the_same_number_and_day_give_the_same_rows(draw):
    first, second = draw(200), draw(200)
    assert pages_of(first, (), first_event_id=1) == pages_of(second, (), first_event_id=1)


def test_every_line_follows_the_table_of_moves(draw):
    seen = set()
    for drawn in draw(3000):
        state = ""
        for line in drawn.life.lines:
            if line.verb == Verb.OPENED:
                assert not state
                state = str(DEFECTS.initial)
            elif line.verb == Verb.MOVED:
                step = DEFECTS.find(line.move, state, frozenset({Part(line.part)}))
                assert (line.from_state, line.to_state) == (step.source, step.target)
                state = line.to_state
                seen.add((line.move, line.part))
        assert state == drawn.life.state
    # The drawn ones make every move that there is, but for one: orders to schedule come from the company.
    assert {move.name for move in DEFECTS.moves} <= {name for name, _ in seen}


def test_things_happen_one_after_the_other(draw):
    today = clock.today()
    for drawn in draw(2000):
        moments = [line.at for line in drawn.life.lines]
        assert moments == sorted(moments)
        assert len(set(moments)) == len(moments)
        assert clock.date_in_helsinki(moments[-1]) < today


def test_residents_act_only_while_they_live_there(draw):
    for drawn in draw(2000):
        residents = {drawn.life.owner.account_id: drawn.life.owner}
        residents |= {one.account_id: one for one in (drawn.life.home.residents if drawn.life.home else ())}
        for line in drawn.life.lines:
            if line.part in {Part.OWNER, Part.HOUSEHOLD} and line.actor_id in residents:
                since, until = residents[line.actor_id].since, residents[line.actor_id].until
                assert since <= line.at < until + timedelta(days=13)


def test_homes_differ_and_the_casts_are_left_to_their_stories(draw):
    drawn = draw(3000)
    homes = Counter(case.life.home.lease_id for case in drawn if case.life.home)
    assert max(homes.values()) > 3 * 3000 / 144
    assert len(homes) <= 144 - len(HOMES)
    lengths = [len(case.life.lines) for case in drawn]
    assert min(lengths) == 1
    assert 15 < max(lengths) <= 30
    assert 4.5 < sum(lengths) / len(lengths) < 6
