"""The jobs that wait, in the order in which they will run."""

from __future__ import annotations

from collections.abc import Iterator

from creative_gen.interface.tasks import task_named
from creative_gen.server.job import Job

QUICK_GROUPS = frozenset(("sketch",))
"""The groups whose tasks take a moment, and are asked for while somebody draws."""

MOST_OVERTAKINGS = 20
"""How often a job may be overtaken, so that it runs however many quick ones are asked for."""


class JobQueue:
    """First come, first served, but quick jobs overtake others, each of them a few times at most.

    Only one job runs at a time: a drawing that is finished in 60 ms would wait for minutes behind
    sounds that were asked for before it.
    """

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._overtaken: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs)

    def add(self, job: Job) -> None:
        """Let a job wait, before those that it may overtake."""
        at = len(self._jobs)
        while _is_quick(job) and at and self._may_be_overtaken(self._jobs[at - 1]):
            at -= 1
        for later in self._jobs[at:]:
            self._overtaken[later.id] = self._overtaken.get(later.id, 0) + 1
        self._jobs.insert(at, job)

    def take(self) -> Job:
        """The next job, which waits no more.

        Raises:
            IndexError: none waits.
        """
        job = self._jobs.pop(0)
        self._overtaken.pop(job.id, None)
        return job

    def remove(self, job: Job) -> None:
        """Let a job wait no more.

        Raises:
            ValueError: it does not.
        """
        self._jobs.remove(job)
        self._overtaken.pop(job.id, None)

    def _may_be_overtaken(self, job: Job) -> bool:
        return not _is_quick(job) and self._overtaken.get(job.id, 0) < MOST_OVERTAKINGS


def _is_quick(job: Job) -> bool:
    return task_named(job.request.task).group in QUICK_GROUPS
