"""What an artist does in GIMP 2.10, in its own batch mode, with a real server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.plugins.conftest import Server, start_server
from tests.plugins.gimp.conftest import SCRIPTS, Gimp, gimp_in
from tests.plugins.gimp.xcf import read_xcf

pytestmark = pytest.mark.tool

OPEN = '(define image (opened "line.png")) (define layer (active image))'
SAVE = '(saved image "out.xcf")'
COLORIZE = "(cg-colorize image layer 0 0 1 -1 7)"


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def spool_of(server: Server) -> Path:
    return server.runtime / "spool"


def test_colorize_adds_named_layers_above_the_layer(gimp: Gimp, server: Server) -> None:
    said = gimp.run(
        f"""{OPEN} (cg-colorize image layer 0 0 2 -1 7) {SAVE}
        (exported image (layer-at image 0) "made.png")
        (exported image (layer-at image 2) "kept.png")"""
    )
    assert "Warning" not in said
    drawing = read_xcf(gimp.here / "out.xcf")
    first, second, given = drawing.layers
    assert first.name.startswith("Colorized: seed 7")
    assert second.name.startswith("Colorized: seed 8")
    assert (first.visible, second.visible, given.visible) == (True, False, True)
    assert {layer.size for layer in drawing.layers} == {(96, 96)}
    assert {layer.offsets for layer in drawing.layers} == {(0, 0)}
    assert np.array_equal(pixels(gimp.here / "kept.png"), pixels(gimp.here / "line.png"))
    made = pixels(gimp.here / "made.png").astype(int)
    assert np.ptp(made, axis=2).max() > 30
    assert not list(spool_of(server).iterdir())


def test_hints_are_taken_from_the_layer_above(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN}
        (define hints (car (gimp-file-load-layer RUN-NONINTERACTIVE image "hints.png")))
        (gimp-image-insert-layer image hints 0 0)
        (cg-colorize image layer 2 1 1 0 7) (saved image "out.xcf")
        (exported image (layer-at image 0) "hinted.png")
        (define plain (opened "line.png"))
        (cg-colorize plain (active plain) 2 0 1 0 7)
        (exported plain (layer-at plain 0) "plain.png")"""
    )
    names = [layer.name for layer in read_xcf(gimp.here / "out.xcf").layers]
    assert names[0].startswith("Colorized: seed 7")
    assert names[1:] == ["hints.png", "Background"]
    hinted, plain = (pixels(gimp.here / name).astype(int) for name in ("hinted.png", "plain.png"))
    stroke = pixels(gimp.here / "hints.png")[..., 3] > 0
    wanted = pixels(gimp.here / "hints.png")[stroke][:, :3].astype(int)

    def missed(made: np.ndarray) -> float:
        return float(np.abs(made[stroke][:, :3] - wanted).mean())

    assert missed(hinted) < 0.6 * missed(plain)


def test_a_selection_becomes_the_mask_of_the_result(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN} (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 20 30 40)
        {COLORIZE} {SAVE}
        (define mask (car (gimp-layer-get-mask (layer-at image 0))))
        (exported image mask "mask.png")
        (define bounds (gimp-selection-bounds image))
        (gimp-message (string-append "selected " (number->string (cadr bounds))))"""
    )
    first, _ = read_xcf(gimp.here / "out.xcf").layers
    assert first.has_mask
    assert first.size == (96, 96)
    mask = pixels(gimp.here / "mask.png")
    expected = np.zeros((96, 96), np.uint8)
    expected[20:60, 10:40] = 255
    assert np.array_equal(mask.reshape(96, 96), expected)


def test_alpha_and_offsets_are_kept(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN} (gimp-layer-add-alpha layer)
        (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 48 96)
        (gimp-edit-clear layer) (gimp-selection-none image)
        (gimp-image-resize image 150 120 33 7)
        {COLORIZE} {SAVE} (exported image (layer-at image 0) "made.png")"""
    )
    drawing = read_xcf(gimp.here / "out.xcf")
    assert drawing.size == (150, 120)
    first, given = drawing.layers
    assert first.offsets == given.offsets == (33, 7)
    assert first.has_alpha
    alpha = pixels(gimp.here / "made.png")[..., 3]
    assert not alpha[:, :48].any()
    assert alpha[:, 48:].all()


def test_a_layers_mask_is_part_of_what_is_sent(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN}
        (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 96 30)
        (gimp-layer-add-mask layer (car (gimp-layer-create-mask layer ADD-MASK-SELECTION)))
        (gimp-selection-none image)
        {COLORIZE} {SAVE} (exported image (layer-at image 0) "made.png")"""
    )
    first, given = read_xcf(gimp.here / "out.xcf").layers
    assert (first.has_mask, given.has_mask) == (False, True)
    alpha = pixels(gimp.here / "made.png")[..., 3]
    assert alpha[:30].all()
    assert not alpha[30:].any()


@pytest.mark.parametrize("name", ["grey.png", "palette.png"])
def test_a_grey_or_indexed_image_becomes_rgb_so_that_it_can_show_colours(
    gimp: Gimp, name: str
) -> None:
    gimp.run(
        f"""(define image (opened "{name}")) (define layer (active image)) {COLORIZE} {SAVE}
        (exported image (layer-at image 0) "made.png")"""
    )
    drawing = read_xcf(gimp.here / "out.xcf")
    assert drawing.is_rgb
    assert len(drawing.layers) == 2
    assert np.ptp(pixels(gimp.here / "made.png").astype(int), axis=2).max() > 5


def test_upscale_opens_a_new_image_that_has_no_file(gimp: Gimp) -> None:
    said = gimp.run(
        f"""{OPEN} (cg-upscale image layer 1 2 FALSE)
        (define made (newest))
        (gimp-message (string-append "file: " (car (gimp-image-get-filename made)) "."))
        (saved made "out.xcf") (saved image "given.xcf")"""
    )
    assert "file: ." in said
    made = read_xcf(gimp.here / "out.xcf")
    assert made.size == (288, 288)
    assert [layer.name for layer in made.layers] == ["Enlarged"]
    assert len(read_xcf(gimp.here / "given.xcf").layers) == 1


def test_upscale_enlarges_what_is_selected(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN} (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 20 30 40)
        (cg-upscale image layer 0 3 FALSE) (saved (newest) "out.xcf")"""
    )
    assert read_xcf(gimp.here / "out.xcf").size == (60, 80)


def test_edit_reconstruct_and_generate(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN} (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 20 30 40)
        (cg-edit image layer "smile" 1.5) (saved image "edit.xcf")
        (gimp-selection-none image)
        (define image (opened "line.png")) (define layer (active image))
        (cg-reconstruct image layer "cat" 1 0 7) (saved image "again.xcf")
        (define image (opened "line.png")) (define layer (active image))
        (cg-generate image layer "cat" 3 -1 7) (saved image "new.xcf")"""
    )
    edited, _ = read_xcf(gimp.here / "edit.xcf").layers
    assert edited.name == "Edited, smile: amount 1.5"
    # A square over what was selected, which alone is shown.
    assert (edited.size, edited.offsets, edited.has_mask) == ((40, 40), (5, 20), True)
    again, _ = read_xcf(gimp.here / "again.xcf").layers
    assert again.name.startswith("Reconstructed: seed 7")
    assert again.size == (96, 96)
    made = read_xcf(gimp.here / "new.xcf").layers[:-1]
    assert [layer.visible for layer in made] == [True, False, False]
    assert [re.search(r"seed (\d+)", layer.name)[1] for layer in made] == ["7", "8", "9"]  # type: ignore[index]


def test_layers_in_groups_get_their_results_there(gimp: Gimp) -> None:
    gimp.run(
        f"""{OPEN} (define group (car (gimp-layer-group-new image)))
        (gimp-image-insert-layer image group 0 0)
        (gimp-image-reorder-item image layer group 0)
        {COLORIZE} {SAVE}"""
    )
    depths = [layer.depth for layer in read_xcf(gimp.here / "out.xcf").layers]
    assert depths == [0, 1, 1]


UNFIT = {
    "(define layer (car (gimp-layer-group-new image))) (gimp-image-insert-layer image layer 0 0)": (
        "This is a group of layers.",
        "Choose one of its layers",
    ),
    '(define layer (car (gimp-channel-new image 96 96 "c" 50 \'(0 0 0))))'
    "(gimp-image-insert-channel image layer 0 0)": ("This is no layer.", "Choose a layer"),
    "(gimp-image-resize image 200 96 0 0)"
    "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 120 0 20 20)": (
        "The selection does not touch the layer.",
        "Select > None",
    ),
    "(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 1 1 20 20)"
    "(gimp-selection-float layer 0 0)": ("There is a floating selection.", "Anchor it"),
}


def test_what_cannot_be_sent_is_told(gimp: Gimp) -> None:
    said = gimp.run("".join(f"{OPEN} {before} {COLORIZE}\n" for before in UNFIT))
    for texts in UNFIT.values():
        for text in texts:
            assert text in said


def test_hints_without_a_layer_above_are_told(gimp: Gimp) -> None:
    said = gimp.run(f"{OPEN} (cg-colorize image layer 0 1 1 -1 7) {SAVE}")
    assert "There is no layer above this one." in said
    assert len(read_xcf(gimp.here / "out.xcf").layers) == 1


def test_the_servers_sentence_and_fix_are_shown(gimp: Gimp, server: Server) -> None:
    said = gimp.run(
        f"""{OPEN} (cg-colorize image layer 0 0 1000 -1 7)
        (cg-generate image layer "a \\"unicorn\\" \\\\" 1 -1 7) {SAVE}"""
    )
    assert "The option 'count' is not valid: input should be less than or equal to 100." in said
    assert "The options are " in said
    assert """does not know 'a "unicorn" \\'""" in said.replace("\\\\", "\\")
    assert len(read_xcf(gimp.here / "out.xcf").layers) == 1
    assert not list(spool_of(server).iterdir())


def test_what_the_user_should_know_is_shown(gimp: Gimp) -> None:
    said = gimp.run(f'{OPEN} (cg-reconstruct image layer "cat" 2 0 7)')
    assert "All pictures are the same" in said


def test_without_a_server_the_fix_is_told(lonely_gimp: Gimp) -> None:
    said = lonely_gimp.run(f"{OPEN} {COLORIZE} {SAVE}")
    assert "creative_gen's server is not running." in said
    assert "Start it in a terminal: creative-gen serve" in said
    assert len(read_xcf(lonely_gimp.here / "out.xcf").layers) == 1


def left_behind(gimp: Gimp, api: int) -> Path:
    """What a server that was killed leaves."""
    runtime = Path(gimp.environment["XDG_RUNTIME_DIR"], "creative_gen")
    spool = runtime / "spool"
    spool.mkdir(mode=0o700, parents=True)
    document = {"version": "9.0", "api": api, "spool": str(spool)}
    (runtime / "server.json").write_text(json.dumps(document))
    return spool


def test_a_server_that_was_killed_is_told_as_not_running(lonely_gimp: Gimp) -> None:
    spool = left_behind(lonely_gimp, 1)
    said = lonely_gimp.run(f"{OPEN} {COLORIZE}")
    assert "creative_gen's server is not running." in said
    assert not list(spool.iterdir())


def test_a_server_of_another_version_is_told(lonely_gimp: Gimp) -> None:
    left_behind(lonely_gimp, 2)
    said = lonely_gimp.run(f"{OPEN} {COLORIZE}")
    assert "speaks version 1 of the wire, and the server version 2" in said
    assert "creative-gen plugins install gimp" in said


def test_when_gimp_is_cancelled_the_job_is(gimp: Gimp, server: Server) -> None:
    """GIMP's Cancel kills the script: nobody says goodbye."""
    slow = f"{OPEN} (gimp-image-scale image 1600 1600) (cg-upscale image layer 2 1 TRUE)"
    spool = spool_of(server)
    with subprocess.Popen(gimp.command(slow), cwd=gimp.here, env=gimp.environment) as process:
        deadline = time.monotonic() + 60
        while not list(spool.glob("gimp-*.progress")) and time.monotonic() < deadline:
            time.sleep(0.1)
        (name,) = [path.stem for path in spool.glob("gimp-*.running")]
        process.kill()
    for helper in _scripts_of(gimp):
        os.kill(helper, 9)
    deadline = time.monotonic() + 60
    while list(spool.glob(f"{name}*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not list(spool.glob(f"{name}*"))


def _scripts_of(gimp: Gimp) -> list[int]:
    """The processes of GIMP's scripts that outlived it, by their folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == gimp.here:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_when_the_server_stops_meanwhile_the_fix_is_told(tmp_path: Path, settings: Path) -> None:
    server = start_server(tmp_path / "server", "--warm", "none")
    gimp = gimp_in(tmp_path, settings, server.environment)
    slow = f"{OPEN} (gimp-image-scale image 1600 1600) (cg-upscale image layer 2 1 TRUE)"
    try:
        process = subprocess.Popen(
            gimp.command(slow),
            cwd=gimp.here,
            env=gimp.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while not list(spool_of(server).glob("*.progress")) and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        server.stop()
    said, _ = process.communicate(timeout=60)
    assert "creative-gen serve" in said
    assert "stop" in said


def test_every_undo_group_is_closed() -> None:
    text = (SCRIPTS / "creative-gen.scm").read_text("utf-8")
    assert text.count("(gimp-image-undo-group-start ") == 1
    assert text.count("(gimp-image-undo-group-end ") == 1


def test_the_commands_are_in_the_menu(gimp: Gimp) -> None:
    names = ("colorize", "upscale", "reconstruct", "edit", "generate")
    asked = " ".join(
        f'(gimp-message (string-append "{name} " (number->string'
        f' (car (gimp-procedural-db-proc-exists "cg-{name}")))))'
        for name in names
    )
    said = gimp.run(asked)
    assert all(f"{name} 1" in said for name in names)
