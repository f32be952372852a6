"""One line of an ini file changes, and comes back; all others stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.tools.ini_file import ini_value, set_ini_value

CASES = [
    "",
    "[python]\nenable_x=false\nother=1\n",
    "[python]\nother=1\n\n[view]\nenable_x=3\n",
    "[view]\nenable_x=3\n",
    "; a note\nloose=1\n\n[Änderung]\nname=ü\n",
]


@pytest.mark.parametrize("before", CASES)
def test_a_value_is_set_and_set_back(tmp_path: Path, before: str) -> None:
    file = tmp_path / "rc"
    if before:
        file.write_text(before, "utf-8")
    old = ini_value(file, "python", "enable_x")
    set_ini_value(file, "python", "enable_x", "true")
    assert ini_value(file, "python", "enable_x") == "true"
    for line in before.splitlines():
        assert line in file.read_text("utf-8").splitlines() or line == "enable_x=false"
    set_ini_value(file, "python", "enable_x", old)
    assert (file.read_text("utf-8") if file.exists() else "") == before


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "rc", tmp_path / "rc"
    real.write_text("[a]\nb=1\n")
    link.symlink_to(real)
    set_ini_value(link, "a", "b", "2")
    assert link.is_symlink() and real.read_text() == "[a]\nb=2\n"
