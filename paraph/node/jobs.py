"""How does long work go on without a page that waits for it?

A thread of the process that was asked works; a row says how far it is, so any worker can show it and a
reload loses nothing. Work is written in small steps that may be done again: what a restart cuts short is
shown as interrupted, and asked for anew.
"""

import os
import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone

from paraph.node.models import Job, Person
from paraph.sentences import Sentence, _

KEPT = timedelta(days=30)
_OFTEN = 0.5  # seconds between two notes of how far a job is


class Cancelled(Exception):
    """Its person wants the job no more."""


class Progress:
    """What the work of a job says of itself."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._noted = 0.0

    def step(self, done: int, total: int) -> None:
        """
        Say how far the work is; from time to time this is written down.

        Raises:
            Cancelled: it is wanted no more.
        """
        now = time.monotonic()
        if now - self._noted < _OFTEN and done < total:
            return
        self._noted = now
        self._job.done, self._job.total = done, total
        _save(self._job, "done", "total")
        if Job.objects.filter(pk=self._job.pk, unwanted=True).exists():
            raise Cancelled


Work = Callable[[Progress], dict[str, Any]]


def start(person: Person, kind: str, title: str, work: Work, patience: float = 0) -> Job:
    """
    Begin a job.

    Args:
        person: who sees it, and may cancel it.
        kind: tells the page what to do with the result.
        title: for its person.
        work: gives the result as JSON; an error with a `sentence` says why it failed.
        patience: seconds to wait for its end; what is quick needs no page that tells how far it is.
    """
    now = timezone.now()
    Job.objects.filter(changed_at__lt=now - KEPT).delete()
    job = Job.objects.create(
        person=person, kind=kind, title=title[:200], holder=_me(), begun_at=now, changed_at=now
    )
    thread = threading.Thread(target=_run, args=(job, work), name=f"job {job.pk}", daemon=True)
    thread.start()
    if patience:
        thread.join(patience)
    return job


def cancel(job: Job) -> None:
    """Ask that the job end at its next step."""
    Job.objects.filter(pk=job.pk).update(unwanted=True)


def interrupted(job: Job) -> bool:
    """Say whether the process that worked on the job is gone."""
    return job.state == Job.State.RUNNING and not _lives(job.holder)


def left(job: Job, now: datetime) -> timedelta | None:
    """How long it will take at the pace so far; None where nobody can say."""
    if not job.done or not job.total or job.state != Job.State.RUNNING:
        return None
    return (now - job.begun_at) * ((job.total - job.done) / job.done)


def sentence_of(error: Exception) -> Sentence:
    """Why work has failed; an error of ours is written to the node's log."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, Sentence):
        return sentence
    traceback.print_exception(error)
    return Sentence(_("An error of this software broke the work off; the node's log has the details."))


def _run(job: Job, work: Work) -> None:
    try:
        job.result = work(Progress(job))
        job.state = Job.State.DONE
        job.done = job.total
    except Cancelled:
        job.state = Job.State.CANCELLED
    except Exception as error:
        sentence = sentence_of(error)
        job.state = Job.State.FAILED
        job.said = {"template": sentence.template, "params": {k: str(v) for k, v in sentence.params.items()}}
    try:
        _save(job, "state", "done", "result", "said")
    finally:
        connections.close_all()


def _save(job: Job, *fields: str) -> None:
    job.changed_at = timezone.now()
    job.save(update_fields=[*fields, "changed_at"])


@cache
def _me() -> str:
    """This process, told apart from any that has its number later."""
    return f"{os.getpid()} {_begun(os.getpid())}"


def _lives(holder: str) -> bool:
    pid, _space, begun = holder.partition(" ")
    return pid.isdigit() and _begun(int(pid)) == begun


def _begun(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
