"""The plug-in in the real GIMP 3, where that is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests import toy_pictures
from tests.plugins.conftest import CLIENT, ROOT, Server, own_folders

pytestmark = pytest.mark.tool

PLUGIN = ROOT / "plugins" / "gimp3" / "creative_gen"

SCRIPT = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("line.png"))
procedure = Gimp.get_pdb().lookup_procedure("{name}")
config = procedure.create_config()
config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
config.set_property("image", image)
config.set_core_object_array("drawables", image.get_layers()[:1])
for name, value in {options}.items():
    config.set_property(name, value)
procedure.run(config)
print("LAYERS", [layer.get_name() for image in Gimp.get_images() for layer in image.get_layers()])
"""


@pytest.fixture
def console() -> str:
    """GIMP 3 is not in every system that tests run on: nowhere does that fail."""
    found = shutil.which("gimp-console-3.0") or shutil.which("gimp-console-3")
    if found is None:
        pytest.skip("GIMP 3 is not installed")
    return found


def said_by(console: str, folder: Path, environment: dict[str, str], script: str) -> str:
    """What GIMP says while it runs a script, with the plug-in installed."""
    plugin = folder / "gimp" / "plug-ins" / "creative_gen"
    shutil.copytree(PLUGIN, plugin)
    shutil.copy(CLIENT / "creative_gen_client.py", plugin)
    Image.fromarray(toy_pictures.line_drawing()).save(folder / "line.png")
    (folder / "script.py").write_text(script, "utf-8")
    options = ["--no-interface", "--no-data", "--no-fonts", "--console-messages", "--quit"]
    batch = ["--batch-interpreter", "python-fu-eval", "-b", 'exec(open("script.py").read())']
    ran = subprocess.run(
        [console, *options, *batch],
        cwd=folder,
        env=environment | {"GIMP3_DIRECTORY": str(folder / "gimp")},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=180,
    )
    return ran.stdout


def test_colorize_adds_named_layers(console: str, tmp_path: Path, server: Server) -> None:
    script = SCRIPT.format(name="cg-colorize", options={"count": 2, "seed": 7})
    said = said_by(console, tmp_path, server.environment, script)
    assert "'Colorized: seed 7" in said
    assert "'Colorized: seed 8" in said


def test_upscale_opens_a_new_image(console: str, tmp_path: Path, server: Server) -> None:
    script = SCRIPT.format(name="cg-upscale", options={"scale": 3})
    assert "'Enlarged'" in said_by(console, tmp_path, server.environment, script)


def test_the_servers_sentence_and_fix_are_shown(
    console: str, tmp_path: Path, server: Server
) -> None:
    script = SCRIPT.format(name="cg-generate", options={"category": "unicorn"})
    said = said_by(console, tmp_path, server.environment, script)
    assert "does not know 'unicorn'" in said


def test_without_a_server_that_can_be_started_the_fix_is_told(console: str, tmp_path: Path) -> None:
    environment = own_folders(tmp_path) | {"PATH": "/usr/bin:/bin"}
    script = SCRIPT.format(name="cg-colorize", options={})
    assert "creative-gen" in said_by(console, tmp_path, environment, script)
