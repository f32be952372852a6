import json
from pathlib import Path

import pytest

from creative_gen.media.errors import MediaError
from creative_gen.training.icon_sets import chosen_icons, icon_family, read_icon_set, tone_base
from tests.training.toy_icons import BODIES, INFO, write_icons

TONES = ["light", "medium-light", "medium", "medium-dark", "dark"]
LONG = ["cook", *(f"cook-{tone}-skin-tone" for tone in TONES)]
SHORT = ["cook", *(f"cook-{tone}" for tone in TONES)]


def test_a_set_has_its_icons_and_says_whose_they_are(tmp_path: Path) -> None:
    icons = read_icon_set(write_icons(tmp_path))
    assert icons.prefix == "toy"
    assert icons.source == "Toys by A. Toymaker. Licence: CC0 1.0."
    assert icons.svgs.keys() == {*BODIES, "tall"}  # without the hidden one
    assert 'viewBox="0 0 20 20"' in icons.svgs["ball"]
    assert BODIES["ball"] in icons.svgs["ball"]


def test_an_icon_of_its_own_size_is_in_the_middle_of_a_square(tmp_path: Path) -> None:
    assert 'viewBox="-10 0 40 40"' in read_icon_set(write_icons(tmp_path)).svgs["tall"]


def test_the_licence_may_be_inside_or_unknown(tmp_path: Path) -> None:
    path = write_icons(tmp_path, info=None)
    assert read_icon_set(path).source == "toy, of unknown licence."
    path.write_text(json.dumps(json.loads(path.read_text()) | {"info": INFO}))
    assert "CC0 1.0" in read_icon_set(path).source


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"prefix": "a", "icons": {"b": {}}}', '{"prefix": "a", "icons": 3}'],
)
def test_what_is_no_set_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "icons.json").write_text(content)
    with pytest.raises(MediaError, match=r"icons\.json") as raised:
        read_icon_set(tmp_path / "icons.json")
    assert "@iconify-json" in raised.value.hint


def test_a_broken_info_is_told(tmp_path: Path) -> None:
    path = write_icons(tmp_path, info={"name": "Toys"})
    with pytest.raises(MediaError):
        read_icon_set(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot be read"):
        read_icon_set(tmp_path / "icons.json")


@pytest.mark.parametrize("names", [LONG, SHORT])
@pytest.mark.parametrize("count", [0, 1, 2, 9])
def test_of_the_skin_tones_some_are_chosen(names: list[str], count: int) -> None:
    chosen = chosen_icons(names, count, ())
    assert chosen[0] == "cook"
    assert len(chosen) == 1 + min(count, 5)
    assert set(chosen) <= set(names)


def test_no_skin_tone_is_preferred() -> None:
    names = [name.replace("cook", f"cook{number}") for number in range(200) for name in LONG]
    chosen = [name for name in chosen_icons(names, 1, ()) if "tone" in name]
    counts = [sum(name.endswith(f"{n}-{tone}-skin-tone") for n in range(10) for name in chosen)
              for tone in TONES]  # fmt: skip
    assert sum(counts) == 200
    assert min(counts) > 20


def test_an_icon_that_only_comes_in_skin_tones_is_one_icon() -> None:
    names = ["kiss-dark-skin-tone-light-skin-tone", "kiss-light-skin-tone-dark-skin-tone"]
    assert chosen_icons(names, 0, ()) == []
    assert len(chosen_icons(names, 1, ())) == 1


def test_names_are_left_out_by_a_pattern() -> None:
    names = ["flag-a", "white-flag", "cat", "dog"]
    assert chosen_icons(names, 1, ("*flag*", "d?g")) == ["cat"]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("cook-dark-skin-tone", "cook"),
        ("cook-medium-light", "cook"),
        ("cook-medium-skin-tone-red-hair", "cook-red-hair"),
        ("kiss-light-skin-tone-dark-skin-tone", "kiss"),
        ("cook-dark-facing-right", "cook-facing-right"),
        ("traffic-light", "traffic-light"),
        ("light", "light"),
    ],
)
def test_the_base_of_a_name(name: str, base: str) -> None:
    names = {"cook", "kiss", "cook-facing-right", "cook-red-hair", "traffic-light", "light"}
    assert tone_base(name, names) == base


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cook-dark-skin-tone", "man-cook"),
        ("woman-cook", "cook"),
        ("person-running-facing-right", "woman-running"),
    ],
)
def test_icons_of_one_subject_are_a_family(one: str, other: str) -> None:
    names = {*LONG, "man-cook", "woman-cook", "person-running-facing-right", "woman-running"}
    assert icon_family(one, names) == icon_family(other, names)


def test_a_family_has_a_name() -> None:
    assert icon_family("woman", {"woman"}) == "woman"
    assert icon_family("germany", {"germany"}) == "germany"
