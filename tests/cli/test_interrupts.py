from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from creative_gen.cli.interrupts import ending_like_ctrl_c, uninterrupted

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(autouse=True)
def handlers_stay() -> Iterator[None]:
    before = [signal.getsignal(number) for number in NUMBERS]
    yield
    assert [signal.getsignal(number) for number in NUMBERS] == before


@pytest.mark.parametrize("number", NUMBERS)
def test_an_interrupt_waits_for_the_end_of_the_block(number: signal.Signals) -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), ending_like_ctrl_c():
        with uninterrupted():
            signal.raise_signal(number)
            done.append("the rest")
        done.append("what comes after")
    assert done == ["the rest"]


def test_a_fault_comes_before_an_interrupt() -> None:
    with pytest.raises(OSError), uninterrupted():
        signal.raise_signal(signal.SIGINT)
        raise OSError


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_is_like_ctrl_c(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), ending_like_ctrl_c():
        signal.raise_signal(number)


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending_like_ctrl_c(), uninterrupted():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
