"""`flask worker run`: sends mail, prepares files, makes the timed moves, tidies up. Any number of workers may run."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError

from heka_portal.cli.jobs import Job, make_jobs
from heka_portal.extensions import db, settings

log = logging.getLogger(__name__)

#: how long an idle worker sleeps, and how often it looks up meanwhile whether it shall end
IDLE_SECONDS = 1.5
NAP_SECONDS = 0.25
#: how long a job that failed is left alone
FAILED_SECONDS = 10.0
#: the longest pause after a step, however long the step has taken
LONGEST_REST_SECONDS = 2.0
#: how long a job goes on with its heap before the next one's turn: one photo takes as long as some hundred closings
TURN_SECONDS = 1.0

worker = AppGroup("worker", help="Mail, files and timed moves.")


@dataclass
class End:
    """Whether the worker has been told to end; the steps that take long ask as well."""

    is_asked: bool = False


class Worker:
    """Goes round its jobs, each in its turn, so that no heap of one holds up the others.

    A turn is as many steps as fit into `turn` seconds. `share` is the part of the time it works at most: after a step
    it pauses in proportion. Being nice, it takes little of the processor from the pages; the database's process that
    works for it is not nice, and pauses with it. It is not nicer than that: on a machine with no time to spare, whoever
    holds a lock must get on, for the pages wait for it.
    """

    def __init__(self, jobs: Sequence[Job], *, share: float = 1.0, turn: float = 0.0, ends: End | None = None) -> None:
        self.jobs = jobs
        self.turn = turn
        self.share = share
        self.due_at = dict.fromkeys((job.name for job in jobs), 0.0)
        self.ends = ends or End()

    @property
    def is_ending(self) -> bool:
        """Whether it has been told to end."""
        return self.ends.is_asked

    def end(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Finish the present step, then end."""
        self.ends.is_asked = True

    def work(self, *, once: bool = False) -> None:
        """Work until told to end, or `once`: until nothing is left to do."""
        while not self.is_ending:
            if self.go_round():
                continue
            if once:
                return
            self._sleep(IDLE_SECONDS)

    def go_round(self) -> int:
        """A turn of each job that is due; returns how much was done."""
        return sum(self._take_turn(job) for job in self.jobs)

    def _take_turn(self, job: Job) -> int:
        done, until = 0, time.monotonic() + self.turn
        while not self.is_ending and time.monotonic() >= self.due_at[job.name]:
            some = self._step(job)
            done += some
            if not some or time.monotonic() >= until:
                break
        return done

    def _step(self, job: Job) -> int:
        begun = job.effort()
        try:
            done = job.step()
        except OperationalError as error:
            log.warning("the database is away: %s", type(error.orig).__name__)
            return self._leave_alone(job)
        except Exception:  # the other jobs go on
            log.exception("the job %r failed", job.name)
            return self._leave_alone(job)
        finally:
            # Each step begins with a fresh session, and gives its connection back.
            db.session.remove()
        if not done:
            self.due_at[job.name] = time.monotonic() + job.every.total_seconds()
        else:
            self._sleep(rest_after(job.effort() - begun, self.share))
        return done

    def _leave_alone(self, job: Job) -> int:
        self.due_at[job.name] = time.monotonic() + FAILED_SECONDS
        return 0

    def _sleep(self, seconds: float) -> None:
        # A signal does not shorten a sleep, it only sets the mark.
        until = time.monotonic() + seconds
        while not self.is_ending and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, NAP_SECONDS))


def rest_after(worked: float, share: float) -> float:
    """How many seconds to pause after so many of work, so that the work has its share of the time."""
    return min(worked * (1 / share - 1), LONGEST_REST_SECONDS)


@contextmanager
def ended_by_signals(running: Worker) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the worker after the present step."""
    names = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(name, running.end) for name in names]
    try:
        yield
    finally:
        for name, handler in zip(names, before, strict=True):
            signal.signal(name, handler)


@worker.command("run")
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
def run(once: bool) -> None:
    """Work until SIGTERM or Ctrl-C; the present step is finished first."""
    # The processes that files are prepared in are begun later and inherit it.
    os.nice(settings().worker_nice)
    ends = End()
    jobs = make_jobs(goes_on=lambda: not ends.is_asked)
    running = Worker(jobs, share=settings().worker_share, turn=TURN_SECONDS, ends=ends)
    log.info("the worker begins")
    with ended_by_signals(running):
        running.work(once=once)
    log.info("the worker ends")
