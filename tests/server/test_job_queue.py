"""Who runs before whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from creative_gen.server.blobs import Blobs
from creative_gen.server.documents import JobRequest
from creative_gen.server.history import History
from creative_gen.server.job import Job
from creative_gen.server.job_queue import MOST_OVERTAKINGS, JobQueue
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.supervisor import Supervisor


def sound() -> Job:
    return Job(JobRequest(task="audio.generate"), 0)


def sketch() -> Job:
    return Job(JobRequest(task="sketch.generate"), 0)


def taken(queue: JobQueue) -> list[Job]:
    return [queue.take() for _ in range(len(queue))]


def test_drawings_go_before_what_takes_longer_and_each_kind_keeps_its_order() -> None:
    queue, jobs = JobQueue(), [sound(), sketch(), sound(), sketch(), sketch()]
    for job in jobs:
        queue.add(job)
    assert list(queue) == taken(queue) == [jobs[at] for at in (1, 3, 4, 0, 2)]
    assert len(queue) == 0


def test_a_job_is_overtaken_a_few_times_at_most() -> None:
    queue, waiting = JobQueue(), sound()
    queue.add(waiting)
    before = 0
    # One drawing after another, as somebody draws who does not stop.
    for _ in range(3 * MOST_OVERTAKINGS):
        queue.add(sketch())
        if queue.take() is waiting:
            break
        before += 1
    assert before == MOST_OVERTAKINGS


def test_nothing_passes_a_job_that_was_overtaken_often() -> None:
    queue, first, second = JobQueue(), sound(), sound()
    queue.add(first)
    drawn = [sketch() for _ in range(MOST_OVERTAKINGS + 2)]
    for job in drawn[:-2]:
        queue.add(job)
    queue.add(second)
    for job in drawn[-2:]:
        queue.add(job)
    assert taken(queue) == [*drawn[:-2], first, *drawn[-2:], second]


def test_a_cancelled_job_is_out_of_the_line() -> None:
    queue, jobs = JobQueue(), [sound(), sketch(), sketch()]
    for job in jobs:
        queue.add(job)
    queue.remove(jobs[1])
    assert taken(queue) == [jobs[2], jobs[0]]
    with pytest.raises(ValueError, match="not in list"):
        queue.remove(jobs[1])


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    """Jobs that nobody runs."""
    history, limits = History(tmp_path / "history"), Limits()
    blobs = Blobs(tmp_path, history, limits)
    yield Jobs(history, blobs, Supervisor(tmp_path, limits), limits)
    history.close()


def test_places_stay_true(jobs: Jobs) -> None:
    asked = ["audio.generate", "sketch.generate", "image.generate", "sketch.generate"]
    told = [jobs.submit(JobRequest(task=task)) for task in asked]
    assert [job.document["place"] for job in told] == [2, 0, 3, 1]
    assert told[0].revision == 3, "who waits for it hears of each change"
    jobs.cancel(told[1].id)
    assert [job.document["place"] for job in told] == [1, 0, 2, 0]
    assert list(jobs.live) == [told[3], told[0], told[2]]
