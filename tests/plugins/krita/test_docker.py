"""The docker in the real Krita: what an artist sees when all is well, and when it is not."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.tool

Seen = dict[str, Any]


def test_the_scenario_came_to_its_end(seen: Seen) -> None:
    assert "fault" not in seen


def test_it_starts_the_server(seen: Seen) -> None:
    assert seen["without a server"] == {"state": "The server is not running.", "make": False}
    assert seen["started"]["state"].startswith("creative_gen 0.")
    assert seen["started"]["error"] == ""


def test_it_offers_what_fits_layers(seen: Seen) -> None:
    told = {"image.colorize": "Colorize Picture", "image.upscale": "Enlarge Picture"}
    told |= {"image.edit": "Edit Picture", "sketch.complete": "Finish Drawing"}
    assert told.items() <= seen["tasks"].items()
    assert not [task for task in seen["tasks"] if task.startswith("audio") or "classify" in task]


def test_a_colouring_is_a_layer_and_one_undo_step(seen: Seen) -> None:
    found = seen["colorize"]
    assert len(found["results"]) == 3
    assert all("seed" in text for text in found["results"])
    assert found["before"] == found["undone"] == ["ink", "hints"]
    assert found["there"] == ["ink", found["clicked"], "hints"]
    assert found["type"] == "paintlayer"
    blue, green, red, alpha = found["pixel"]
    assert alpha == 255 and red > blue + 20, "the hint is orange"


def test_a_selection_is_all_that_is_sent(seen: Seen) -> None:
    assert seen["selection"] == [90, 110, 300, 200]


def test_painting_goes_on(seen: Seen) -> None:
    """Jobs take seconds; half of the pauses are short also where the machine does much else."""
    pauses = sorted(seconds for _, seconds in seen["pauses"])
    assert pauses[len(pauses) // 2] < 1.0
    assert seen["longest click"] < 2.0


def test_these_settings_can_be_used_again(seen: Seen) -> None:
    assert seen["again"] == {"task": "Colorize Picture", "count": 3, "seed": 10}


def test_what_is_larger_opens_as_a_document(seen: Seen) -> None:
    assert seen["upscale"] == {"opened": 1, "size": [1280, 960], "old": [640, 480]}


@pytest.mark.parametrize("name", ["generate", "grey"])
def test_a_new_picture_is_a_layer_and_one_undo_step(seen: Seen, name: str) -> None:
    found = seen[name]
    assert len(found["there"]) == len(found["before"]) + 1
    assert found["undone"] == found["before"]


def test_a_document_of_other_colours_stays_so(seen: Seen) -> None:
    assert seen["grey"]["results"] == 1
    assert seen["grey"]["space"] == ["GRAYA", "U16"]


def test_a_drawing_is_finished_where_it_is(seen: Seen) -> None:
    found = seen["draw"]
    assert found["error"] == ""
    [line, ellipse] = found["sent"]
    assert line[0] == pytest.approx([20, 25], abs=0.01)
    assert line[-1] == pytest.approx([110, 75], abs=0.01)
    assert min(x for x, _ in ellipse) == pytest.approx(20, abs=0.5)
    assert max(y for _, y in ellipse) == pytest.approx(100, abs=0.5)
    assert found["strokes"] > 2
    assert found["svg"].count("<path") == found["svg"].count("#204080") == found["strokes"]
    assert found["there"] == [*found["before"], found["name"]]
    assert found["undone"] == found["before"] and found["half"] == 2
    assert found["twice undone"] == 0, "the step before it was the artist's own"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("no document", ["No picture is open", "File > New"]),
        ("no lines", ["has no drawn lines", "vector layer"]),
        ("no such category", ["nosuch", "cat"]),
        ("wrong token", ["token"]),
    ],
)
def test_an_error_is_a_sentence_and_its_fix(seen: Seen, when: str, said: list[str]) -> None:
    sentence, _, fix = seen[when].partition("\n")
    assert sentence and fix
    for word in said:
        assert word in seen[when]


def test_without_a_server_it_says_so_and_comes_back(seen: Seen) -> None:
    assert "not running" in seen["gone"]["error"] and "creative-gen serve" in seen["gone"]["error"]
    assert seen["gone"]["start"]
    assert "smile" in seen["gone"]["directions"], "one can choose meanwhile"
    assert seen["back"] == {"error": "", "results": 1}


def test_a_restarted_server_is_found_without_a_word(seen: Seen) -> None:
    assert seen["restarted"] == {"error": "", "results": 1}


def test_a_cancelled_job_leaves_the_docker_usable(seen: Seen) -> None:
    assert seen["cancelled"] == {"error": "", "make": True}


def test_diagnostics_hold_nothing_private(seen: Seen) -> None:
    text = seen["diagnostics"]
    assert "Krita 5" in text and "quickdraw" in text and "nosuch" in text
    assert str(seen["folder"]) not in text


def test_the_screenshot_shows_something(seen: Seen) -> None:
    with Image.open(seen["folder"] / "docker.png") as picture:
        assert picture.width > 1000
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 100
