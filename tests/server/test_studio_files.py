"""The studio's own files, as browsers get them."""

from __future__ import annotations

from pathlib import Path

import pytest

from creative_gen.server.errors import WireError
from creative_gen.server.studio import studio_file, studio_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "browser"
    (root / "parts").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html>")
    (root / "parts" / "canvas.js").write_text("export {}")
    (root / "notes.py").write_text("secret")
    (tmp_path / "outside.js").write_text("secret")
    (root / "link.js").symlink_to(tmp_path / "outside.js")
    return root


def test_files_come_with_a_policy_that_lets_nothing_in(folder: Path) -> None:
    answer = studio_file(folder, "index.html")
    assert answer.body == b"<!doctype html>"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "http:" not in policy
    script = studio_file(folder, "parts/canvas.js")
    assert script.media_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    ["../outside.js", "link.js", "notes.py", "nothing.js", "parts", "", "/etc/hosts.js", "\0.js"],
)
def test_nothing_else_is_served(folder: Path, name: str) -> None:
    with pytest.raises(WireError) as raised:
        studio_file(folder, name)
    assert raised.value.status == 404


def test_the_folder_is_that_of_the_checkout() -> None:
    assert studio_folder().name == "browser"
