"""The process that runs the models: `python -m creative_gen.server.worker FOLDER MEMORY_BYTES`.

It reads orders, a JSON line each, from its standard input, and writes messages to what was its
standard output. Files that were sent are only ever opened here.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Final

from creative_gen.engine.engine import Engine
from creative_gen.interface.errors import CreativeGenError, describe
from creative_gen.interface.jobs import Progress, Result
from creative_gen.media.errors import MediaError
from creative_gen.server.blobs import disk_full, is_disk_full
from creative_gen.server.description import described
from creative_gen.server.errors import WireError, fault
from creative_gen.server.process_memory import be_expendable, release_memory, resident_bytes
from creative_gen.server.warming import warming_request
from creative_gen.server.worker_process import out_of_memory
from creative_gen.server.worker_values import Maker, read_inputs

Message = dict[str, Any]

CANCELLED: Final = "cancelled"


class Worker:
    """Carries out orders, one after another.

    Args:
        engine: Engine. Runs the tasks.
        folder: Path. Where the files go that are made.
        memory_bytes: int. Above which models are forgotten.
        tell: takes a message.
    """

    def __init__(
        self, engine: Engine, folder: Path, memory_bytes: int, tell: Callable[[Message], None]
    ) -> None:
        self.cancelled: set[str] = set()
        """The orders that nobody wants any more."""
        self._engine = engine
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._tell = tell

    def carry_out(self, order: Message) -> None:
        """Do what is told, and tell how it ended; nothing that goes wrong ends the process."""
        job = order["job"]
        # Others may have ended before anybody heard that they were cancelled.
        self.cancelled &= {job}
        try:
            end = self._done(order)
        except BaseException as error:
            end = _failure(error)
        self._keep_to_budget(end)
        self._tell({"job": job, "loaded": list(self._engine.loaded), **end})

    def _done(self, order: Message) -> Message:
        if order["kind"] == "describe":
            return {"kind": "done", "capabilities": described(self._engine)}
        if order["kind"] == "warm":
            for _ in self._engine.stream(order["task"], **warming_request(order["task"])):
                pass
            return {"kind": "done"}
        return self._run(order)

    def _run(self, order: Message) -> Message:
        documents = read_inputs(order["task"], order["inputs"])
        inputs: dict[str, Any] = {name: one.value for name, one in documents.items()}
        given = inputs | order["options"]
        job = self._engine.stream(order["task"], asset=order["asset"], **given)
        maker = Maker(self._folder, job, documents, order["format"])
        self._tell({"job": order["job"], "kind": "started", **maker.started})
        with closing(job):
            for event in job:
                if order["job"] in self.cancelled:
                    return {"kind": CANCELLED}
                if isinstance(event, Progress):
                    told = maker.progress(event)
                    if told:
                        self._tell({"job": order["job"], "kind": "progress", **told})
                elif isinstance(event, Result):
                    return {"kind": "done", **maker.results(event)}
        raise AssertionError("a stream ends in a result or an error")

    def _keep_to_budget(self, end: Message) -> None:
        """Forget the models that were used longest ago, all if there was no memory."""
        if end.get("code") == "out_of_memory":
            while self._engine.loaded:
                self._engine.unload_oldest()
            release_memory()
        if resident_bytes(os.getpid()) <= self._memory_bytes:
            return
        release_memory()
        while resident_bytes(os.getpid()) > self._memory_bytes and len(self._engine.loaded) > 1:
            self._engine.unload_oldest()
            release_memory()


def _failure(error: BaseException) -> Message:
    """What is told of an error."""
    if isinstance(error, CreativeGenError | MediaError):
        report = describe(error)
        return {"kind": "failed", **vars(report)}
    if isinstance(error, MemoryError):
        known: WireError = out_of_memory()
    elif is_disk_full(error):
        known = disk_full()
    else:
        traceback.print_exception(error)
        known = fault(error)
    return {"kind": "failed", **known.body.model_dump(exclude={"retryable"})}


def _take_orders(source: BinaryIO, orders: queue.SimpleQueue[Message], worker: Worker) -> None:
    """Take orders, while another is carried out, too; without a server there is nothing to do."""
    for line in source:
        order = json.loads(line)
        if order["kind"] == "cancel":
            worker.cancelled.add(order["job"])
        else:
            orders.put(order)
    os._exit(0)


def _private_output() -> BinaryIO:
    """What was standard output, which from now on is standard error: libraries print."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def main(arguments: list[str] | None = None, engine: Engine | None = None) -> None:
    """Carry out orders until the server is gone."""
    folder, memory_bytes = arguments or sys.argv[1:]
    # Ctrl-C is for the server, which tells the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    be_expendable()
    output = _private_output()

    def tell(message: Message) -> None:
        output.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        output.flush()

    engine = engine or Engine()
    worker = Worker(engine, Path(folder), int(memory_bytes), tell)
    orders: queue.SimpleQueue[Message] = queue.SimpleQueue()
    taking = (sys.stdin.buffer, orders, worker)
    threading.Thread(target=_take_orders, args=taking, daemon=True).start()
    tell({"job": None, "kind": "ready", "capabilities": described(engine)})
    while True:
        worker.carry_out(orders.get())


if __name__ == "__main__":
    main()
