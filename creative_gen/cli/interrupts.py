"""When a command may be interrupted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

_ENDING = ("SIGTERM", "SIGHUP")


def ending_like_ctrl_c() -> AbstractContextManager[None]:
    """Let a command that is told to end clean up as after Ctrl-C.

    Told by another process, or by the terminal that is closed.
    """
    return _handled(_ENDING, signal.default_int_handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Put Ctrl-C off until the block has ended: what it does is done wholly or not at all.

    Libraries that call back into Python lose what is raised there.
    """
    came: list[int] = []
    with _handled(("SIGINT", *_ENDING), lambda number, frame: came.append(number)):
        yield
    if came:
        raise KeyboardInterrupt


@contextmanager
def _handled(names: tuple[str, ...], handler: Callable[[int, Any], Any]) -> Iterator[None]:
    with ExitStack() as restored:
        for name in names:
            # Windows has no SIGHUP.
            number = getattr(signal, name, None)
            # What is ignored stays so: a command started by nohup outlives its terminal.
            if number and signal.getsignal(number) not in (None, signal.SIG_IGN):
                restored.callback(signal.signal, number, signal.signal(number, handler))
        yield
