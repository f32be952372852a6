"""What a look at one thing found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "broken"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's.

    Args:
        check: str. What was looked at: "server", "krita".
        state: str. "ok", "note" where nothing is wrong that somebody has to mend, or "broken".
        message: str. What was found, a sentence.
        fix: str. What to do about it, or "".
    """

    check: str
    state: State
    message: str
    fix: str = ""
