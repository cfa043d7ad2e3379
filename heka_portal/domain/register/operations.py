"""Bring the landlord's register in: open, stage, plan, apply.

with open_import() as connection:
    stage(connection, source)
    plan = plan_import(connection, source, whole=False, on=clock.today(), allow_mass_end=False)
    if not plan.error_count:
        apply_plan(connection, plan, started_at=started_at, now=clock.now())
        db.session.commit()
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select

from heka_portal.database import at_most
from heka_portal.domain.audit.operations import record_audit
from heka_portal.domain.register import advice, checks, differences, money, queries, rules
from heka_portal.domain.register.applying import apply_table
from heka_portal.domain.register.selections import FINDING_COLUMNS, Found
from heka_portal.domain.register.staging import Source, analyse, aside, create_tables, stage
from heka_portal.domain.register.tables import (
    BY_NAME,
    CHANGES,
    FINDINGS,
    HOMES,
    LEASE_PARTIES,
    LEASES,
    OCCUPANCIES,
    TABLES,
    RegisterTable,
)
from heka_portal.extensions import db
from heka_portal.models.register import RegisterImport
from heka_portal.vocabulary import AuditAction

__all__ = ["RegisterMoved", "apply_plan", "open_import", "plan_import", "stage"]

#: what may not end by the hundred, and from how many endings on
LIMITED = ((LEASES, 1), (LEASE_PARTIES, rules.MASS_END_AT_LEAST), (OCCUPANCIES, rules.MASS_END_AT_LEAST))


#: hears the name of each table when its turn comes
Tell = Callable[[str], None]


def quietly(_table: str) -> None:
    """Nobody waits for it."""


class RegisterMoved(Exception):
    """Another import was applied after this one was planned: plan again."""


@contextmanager
def open_import() -> Iterator[Connection]:
    """A connection of its own, with empty staged tables; it ends with all it staged."""
    with db.engine.connect() as connection:
        try:
            create_tables(connection)
            yield connection
        finally:
            # What was not committed is undone while the session still has its connection, which never goes back to
            # the pool: temporary tables live as long as it does.
            db.session.rollback()
            connection.invalidate()


def plan_import(
    connection: Connection, source: Source, *, whole: bool, on: date, allow_mass_end: bool, tell: Tell = quietly
) -> rules.Plan:
    """Compare the staged rows with the register on a date in Helsinki. Writes to temporary tables only."""
    is_partial = bool(source.refused)
    with aside(connection):
        base = queries.latest_import_id(connection)
        _forget_plan(connection)
        if not is_partial:
            # What a file that did not come would have named has not ended.
            came = [BY_NAME[name] for name in source.tables]
            ending = frozenset(source.tables) if whole else frozenset()
            _check(connection, came, on=on, ending=ending)
            for table in came:
                tell(table.name)
                _compare(connection, table, on=on, ending=ending)
            if whole and not allow_mass_end:
                _limit_endings(connection, on)
        return rules.Plan(
            source=source.name,
            is_whole=whole,
            on=on,
            tables=tuple(queries.list_table_plans(connection)),
            error_count=queries.count_findings(connection, errors=True),
            warning_count=queries.count_findings(connection, errors=False),
            is_partial=is_partial,
            base=base,
        )


def apply_plan(
    connection: Connection, plan: rules.Plan, *, started_at: datetime, now: datetime, tell: Tell = quietly
) -> RegisterImport:
    """Make the register what the plan says, in the session's transaction. Raises RegisterMoved.

    The session must not have begun anything before. A plan with errors is a mistake of the caller.
    """
    if plan.error_count:
        raise ValueError("a plan with errors is not applied")
    # The session works over the connection that sees the staged rows; what read the plan there must have ended, or the
    # session would join it and not be the one to commit.
    connection.rollback()
    db.session.connection(bind_arguments={"bind": connection})
    _stand_alone(connection)
    if queries.latest_import_id(connection) != plan.base:
        raise RegisterMoved
    for table in plan.tables:
        if not table.is_empty:
            tell(table.table)
            apply_table(connection, BY_NAME[table.table], on=plan.on, now=now)
    done = RegisterImport(
        started_at=started_at,
        finished_at=now,
        source=plan.source[:200],
        is_whole=plan.is_whole,
        counts={table.table: table.counts() for table in plan.tables},
        warning_count=plan.warning_count,
    )
    db.session.add(done)
    db.session.flush()
    record_audit(AuditAction.REGISTER_IMPORTED, data={"import_id": done.id, "counts": done.counts})
    return done


def _stand_alone(connection: Connection) -> None:
    """Let no other import be applied until the end of this transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE register_imports IN SHARE ROW EXCLUSIVE MODE")
    else:
        connection.execute(select(RegisterImport.id).limit(at_most(1)).with_for_update())


def _forget_plan(connection: Connection) -> None:
    for table in TABLES:
        connection.execute(delete(table.planned))
    connection.execute(delete(CHANGES))
    connection.execute(delete(HOMES))
    connection.execute(delete(FINDINGS).where(FINDINGS.c.is_compared))


def _check(connection: Connection, came: list[RegisterTable], *, on: date, ending: frozenset[str]) -> None:
    homes = advice.homes_after(on=on, whole=OCCUPANCIES.name in ending)
    connection.execute(insert(HOMES).from_select(["apartment", "person"], homes))
    analyse(connection, HOMES)
    found = (
        *checks.list_errors(came, on=on, whole=LEASES.name in ending),
        *advice.list_warnings(on=on),
        money.payment_without_invoice(),
        money.overpaid_invoice(),
    )
    for each in found:
        _write(connection, each)


def _compare(connection: Connection, table: RegisterTable, *, on: date, ending: frozenset[str]) -> None:
    connection.execute(differences.fill_planned(table, on))
    if table.ends and table.name in ending:
        connection.execute(differences.fill_absent(table, on))
    analyse(connection, table.planned)
    known = select(table.planned.c.id).where(table.planned.c.id.is_not(None)).limit(at_most(1))
    if connection.execute(known).first() is not None:
        for statement in differences.fill_changes(table, on):
            connection.execute(statement)


def _limit_endings(connection: Connection, on: date) -> None:
    for table, at_least in LIMITED:
        running = connection.execute(checks.count_running(table, on)).scalar_one()
        ended = connection.execute(checks.count_ended(table, on)).scalar_one()
        if rules.is_mass_end(ended, running, at_least=at_least):
            connection.execute(insert(FINDINGS).values(checks.mass_end(table, ended=ended, running=running)))


def _write(connection: Connection, found: Found) -> None:
    connection.execute(insert(FINDINGS).from_select(FINDING_COLUMNS, found))
