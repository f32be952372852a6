"""The studio's modules that need no page, tested by Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.plugins.conftest import needs

pytestmark = pytest.mark.tool


def test_modules() -> None:
    tests = sorted(str(path) for path in Path(__file__).with_name("unit").glob("*.test.mjs"))
    assert tests
    done = subprocess.run([needs("node"), "--test", *tests], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
