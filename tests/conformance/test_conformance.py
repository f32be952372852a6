"""What every family owes, for every task that it declares, on every asset that is installed.

A new family is tested by being there. Where none of its assets is shipped, `TOYS` says how to make
one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pytest

from creative_gen.cli.main import main
from creative_gen.engine.engine import Engine
from creative_gen.engine.registry import Registry
from creative_gen.engine.request import checked_request
from creative_gen.interface.families import Family
from creative_gen.interface.jobs import Chunk, Event, Output, Progress, Result
from creative_gen.interface.options import SeededOptions
from creative_gen.interface.tasks import TASKS, Input, Task
from creative_gen.interface.values import Value, digest, medium_of
from creative_gen.interface.wire import manifest
from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import read_audio
from creative_gen.media.color_space import gray_level
from creative_gen.media.image import Image
from creative_gen.media.image_files import image_bytes, read_image
from creative_gen.media.music import read_midi
from creative_gen.media.sketch import Sketch
from creative_gen.media.svg_reader import read_svg
from creative_gen.store.asset import Asset
from creative_gen.store.finder import find_asset, find_assets
from tests import toy_pictures
from tests.toy_assets import HALF_A_DRAWING_SVG, write_toy_asset, write_unconditional_asset
from tests.toy_classifier import write_classifier
from tests.toy_latent_assets import TOY_NOISE, TOY_TILES, write_latent
from tests.toy_pictures_assets import write_colorizer, write_upscaler
from tests.toy_sound_files import a_hit, midi_bytes, wav_bytes
from tests.toy_sounds import TOY_DRUMS, write_toy_sounds

TOYS: dict[str, dict[str, Callable[[Path], Path]]] = {
    "sketch_rnn": {
        "toy-sketch-rnn": lambda root: write_toy_asset(root, "toy-sketch-rnn"),
        "toy-one-thing": lambda root: write_unconditional_asset(root, "toy-one-thing"),
    },
    "wavenet": {
        "toy-notes": lambda root: write_toy_sounds(root, "toy-notes"),
        "toy-drums": lambda root: write_toy_sounds(root, "toy-drums", TOY_DRUMS),
    },
    "upscaler": {"toy-photos": lambda root: write_upscaler(root, "toy-photos")},
    "colorizer": {"toy-colors": lambda root: write_colorizer(root, "toy-colors")},
    "classifier": {"toy-shapes": lambda root: write_classifier(root, "toy-shapes")},
    "vae": {"toy-doodles": lambda root: write_latent(root, "toy-doodles")},
    "dcgan": {
        "toy-tiles": lambda root: write_latent(root, "toy-tiles", "dcgan", TOY_TILES),
    },
    "gan": {
        "toy-noise": lambda root: write_latent(root, "toy-noise", "gan", TOY_NOISE, 0),
    },
}
"""Makers of small assets by their names, by family."""

SMALL = {"count": 3, "best_of": 3, "steps": 3, "seconds": 0.1, "side": 256}
"""Options that keep a test quick, where a task has them; the best of 3 in 3 are all of them."""

SEEDS, PICTURES = "0.5*1 + 0.5*2", "image - a + 0.5*b + c - d"
"""What edits start from, without inputs and with all of them."""

LINES = image_bytes(Image(toy_pictures.line_drawing(48)))
HINTS = image_bytes(Image(toy_pictures.hints(48, 48)))

INPUTS: dict[str, tuple[str, bytes, Callable[[bytes], Value]]] = {
    "sketch": ("half.svg", HALF_A_DRAWING_SVG, lambda content: read_svg(content).sketch),
    "audio": ("hit.wav", wav_bytes(a_hit(), 22_050), read_audio),
    "music": ("tune.mid", midi_bytes([(60, 0, 96), (64, 96, 192)]), read_midi),
    "image": ("lines.png", LINES, lambda content: read_image(content).image),
    "hints": ("hints.png", HINTS, lambda content: read_image(content).image),
}
"""What tasks are given, by an input's name or medium: a file's name and content, and its reader."""

REGISTRY = Registry()


class Case(NamedTuple):
    """A task on an asset, with the inputs that it is given."""

    asset: str
    task: Task
    inputs: tuple[Input, ...]

    def __str__(self) -> str:
        names = [one.name for one in self.inputs if not one.required]
        return " ".join([self.asset, self.task.name, *names])


def given_inputs(task: Task, asset: Asset) -> list[tuple[Input, ...]]:
    """All inputs, and those that are required where that is another thing."""
    required = tuple(one for one in task.inputs if one.required)
    return [required] if required == task.inputs or blind(asset) else [required, task.inputs]


def blind(asset: Asset) -> bool:
    """Whether an asset has a latent space, and no encoder that finds pictures in it."""
    return asset.settings.get("refinements") == 0


def make_toys(root: Path) -> None:
    for makers in TOYS.values():
        for make in makers.values():
            make(root)


def all_cases() -> list[Case]:
    """Every task of every asset: shipped ones, and toys."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        make_toys(Path(folder))
        patch.setenv("CREATIVE_GEN_ASSETS", folder)
        assets = [find_asset(name) for name in find_assets()]
        return [
            Case(asset.name, TASKS[task], inputs)
            for asset in assets
            for task in asset.card.tasks
            for inputs in given_inputs(TASKS[task], asset)
        ]


CASES = all_cases()
SEEDED = [case for case in CASES if issubclass(case.task.options, SeededOptions)]
COUNTED = [case for case in SEEDED if "count" in case.task.options.model_fields]
COMPLETIONS = [case for case in CASES if case.task.verb == "complete"]
CONTINUATIONS = [case for case in CASES if case.task.verb == "continue"]
COLORINGS = [case for case in CASES if case.task.verb == "colorize"]
ENLARGEMENTS = [case for case in CASES if case.task.verb == "upscale"]
SOUNDS = [case for case in CASES if case.task.output == "audio"]

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=str)
EVERY_SEEDED_CASE = pytest.mark.parametrize("case", SEEDED, ids=str)
EVERY_COUNTED_CASE = pytest.mark.parametrize("case", COUNTED, ids=str)
EVERY_COMPLETION = pytest.mark.parametrize("case", COMPLETIONS, ids=str)
EVERY_CONTINUATION = pytest.mark.parametrize("case", CONTINUATIONS, ids=str)
EVERY_COLORING = pytest.mark.parametrize("case", COLORINGS, ids=str)
EVERY_ENLARGEMENT = pytest.mark.parametrize("case", ENLARGEMENTS, ids=str)
EVERY_SOUND = pytest.mark.parametrize("case", SOUNDS, ids=str)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    root = tmp_path_factory.mktemp("assets")
    make_toys(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREATIVE_GEN_ASSETS", str(root))
        yield Engine(REGISTRY)


def request_of(engine: Engine, case: Case, **options: Any) -> dict[str, Any]:
    """A small request: every input is that of its name or medium."""
    asset = engine.asset_for(case.task, case.asset)
    fields = engine.options_of(case.task, asset).model_fields
    small = small_options(case)
    seed = {"seed": 11} if "seed" in fields else {}
    inputs = {one.name: given_value(one) for one in case.inputs}
    return {"asset": case.asset} | small | seed | inputs | options


def small_options(case: Case) -> dict[str, Any]:
    """Options that keep a test quick, and those without which there is nothing to do."""
    fields = case.task.options.model_fields
    small = {name: value for name, value in SMALL.items() if name in fields}
    if case.task.verb == "edit":
        small["from_"] = PICTURES if case.inputs else SEEDS
    if case.task.name == "image.reconstruct":
        # At 0, its default, all are the same.
        small["temperature"] = 1.0
    return small


def given_file(declared: Input) -> tuple[str, bytes, Callable[[bytes], Value]]:
    return INPUTS.get(declared.name) or INPUTS[declared.medium]


def given_value(declared: Input) -> Value:
    _, content, read = given_file(declared)
    return read(content)


def events_of(engine: Engine, case: Case, **options: Any) -> list[Event]:
    return list(engine.stream(case.task.name, **request_of(engine, case, **options)))


def result_of(engine: Engine, case: Case, **options: Any) -> Result:
    return engine.run(case.task.name, **request_of(engine, case, **options))


def digests(result: Result) -> list[str]:
    return [digest(value) for value in result.values]


@pytest.mark.parametrize("family", REGISTRY.families.values(), ids=REGISTRY.families.keys())
def test_family_keeps_what_it_declares(family: Family) -> None:
    assert family.tasks
    assert callable(family.generator.load())
    for name in family.tasks:
        options = family.options_of(TASKS[name])
        assert issubclass(options, TASKS[name].options)
        defaults = options()
        assert options.model_validate(defaults.model_dump()) == defaults
        assert all(field.description for field in options.model_fields.values())
        assert json.dumps(options.model_json_schema())
    tested = {case.task.name for case in CASES if family_of(case) == family.name}
    assert tested == set(family.tasks), "give TOYS an asset that does the other tasks"


def family_of(case: Case) -> str:
    made = [family for family, makers in TOYS.items() if case.asset in makers]
    return made[0] if made else find_asset(case.asset).card.family


@EVERY_CASE
def test_events_are_progress_and_chunks_and_one_result(engine: Engine, case: Case) -> None:
    *events, result = events_of(engine, case)
    assert isinstance(result, Result)
    assert all(isinstance(event, Progress | Chunk) for event in events)
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions[0] == 0
    assert fractions == sorted(fractions)
    assert fractions[-1] <= 1
    assert (result.task, result.asset) == (case.task.name, case.asset)
    assert result.licence
    assert len(result.asset_sha256) == 64
    assert set(result.inputs) == {one.name for one in case.inputs}
    assert result.outputs
    assert all(medium_of(value) == case.task.output for value in result.values)


@EVERY_CASE
def test_progress_does_not_fall_by_itself(engine: Engine, case: Case) -> None:
    request = request_of(engine, case)
    asset = engine.asset_for(case.task, request.pop("asset"))
    checked = checked_request(case.task, engine.options_of(case.task, asset), request)
    *steps, outputs = engine.generator(asset).run(checked)
    fractions = [step.fraction for step in steps if isinstance(step, Progress)]
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)
    assert isinstance(outputs, tuple)
    assert all(isinstance(output, Output) for output in outputs)


@EVERY_CASE
def test_what_is_known_of_a_result_can_be_written_as_json(engine: Engine, case: Case) -> None:
    result = result_of(engine, case)
    document = json.loads(json.dumps(manifest(result, []), allow_nan=False))
    assert len(document["outputs"]) == len(result.outputs)
    assert document["options"] == dict(result.options)


@EVERY_CASE
def test_the_same_request_and_seed_give_the_same_values(engine: Engine, case: Case) -> None:
    first, second = result_of(engine, case), result_of(Engine(REGISTRY), case)
    assert digests(first) == digests(second)
    assert first == second


@EVERY_SEEDED_CASE
def test_every_value_tells_its_seed(engine: Engine, case: Case) -> None:
    result = result_of(engine, case)
    assert result.options["seed"] == 11
    assert all(isinstance(output.details["seed"], int) for output in result.outputs)


@EVERY_COUNTED_CASE
def test_a_value_made_alone_is_that_of_the_batch(engine: Engine, case: Case) -> None:
    batch = result_of(engine, case)
    alone = {"count": 1} | ({"best_of": 1} if "best_of" in batch.options else {})
    assert sorted(output.details["seed"] for output in batch.outputs) == [11, 12, 13]
    for output in batch.outputs:
        again = result_of(engine, case, seed=output.details["seed"], **alone)
        assert digests(again) == [digest(output.value)]


@EVERY_SEEDED_CASE
def test_other_seeds_give_other_values(engine: Engine, case: Case) -> None:
    seeds = (11, 12, 2**32 - 1)
    results = [digests(result_of(engine, case, seed=seed, temperature=1.0)) for seed in seeds]
    assert len({tuple(result) for result in results}) == 3


@EVERY_COMPLETION
def test_what_the_user_supplied_is_kept(engine: Engine, case: Case) -> None:
    given = request_of(engine, case)["sketch"]
    for value in result_of(engine, case).values:
        assert isinstance(value, Sketch)
        assert value.size == given.size
        assert len(value.strokes) > len(given.strokes)
        kept = value.strokes[: len(given.strokes)]
        assert [stroke.tobytes() for stroke in kept] == [one.tobytes() for one in given.strokes]


@EVERY_CONTINUATION
def test_the_given_sound_is_kept(engine: Engine, case: Case) -> None:
    given = request_of(engine, case)["audio"]
    for value in result_of(engine, case).values:
        assert isinstance(value, Audio)
        assert (value.sample_rate, value.channels) == (given.sample_rate, given.channels)
        assert value.samples[:, : given.frames].tobytes() == given.samples.tobytes()
        assert value.frames - given.frames == round(SMALL["seconds"] * given.sample_rate)


@EVERY_COLORING
@pytest.mark.parametrize("bits", [8, 16])
def test_the_given_lightness_is_kept(engine: Engine, case: Case, bits: Literal[8, 16]) -> None:
    levels = gray_level(toy_pictures.photo(48, 48))[..., None]
    clear = np.where(np.arange(48) < 9, 0, 255).astype(np.uint8)
    alpha = np.broadcast_to(clear[:, None], (48, 48, 1))
    given = Image(np.concatenate([levels, alpha], axis=2)).with_bits(bits)
    for value in result_of(engine, case, image=given, mode="tones").values:
        assert isinstance(value, Image)
        assert value.bits == bits
        assert np.array_equal(gray_level(value.pixels[..., :3]), given.pixels[..., 0])
        assert np.array_equal(value.pixels[..., -1], given.pixels[..., -1])


@EVERY_ENLARGEMENT
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_a_picture_is_as_many_times_as_large(engine: Engine, case: Case, scale: int) -> None:
    for given in (toy_pictures.photo(7, 9), toy_pictures.tile(8), toy_pictures.photo(1, 1)):
        for bits in (8, 16):
            image = Image(given).with_bits(bits)  # type: ignore[arg-type]
            (value,) = result_of(engine, case, image=image, scale=scale).values
            assert isinstance(value, Image)
            assert value.pixels.shape == (scale * image.height, scale * image.width, image.channels)
            assert value.bits == bits


@EVERY_SOUND
def test_the_chunks_of_a_sound_are_its_beginning(engine: Engine, case: Case) -> None:
    *events, result = events_of(engine, case)
    assert isinstance(result, Result)
    for index, output in enumerate(result.outputs):
        chunks = [one for one in events if isinstance(one, Chunk) and one.output == index]
        sounds = [chunk.value for chunk in chunks]
        assert sounds, "nothing can be played before the end"
        assert isinstance(output.value, Audio)
        assert {one.sample_rate for one in sounds} == {output.value.sample_rate}  # type: ignore[union-attr]
        joined = np.concatenate([one.samples for one in sounds], axis=1)  # type: ignore[union-attr]
        assert np.array_equal(joined, output.value.samples[:, : joined.shape[1]])
        # What a file tells that is written as it is made.
        assert chunks[0].details == output.details


@EVERY_CASE
def test_a_job_can_be_cancelled_at_any_event(engine: Engine, case: Case) -> None:
    whole = events_of(engine, case)
    for stop in {0, 1, len(whole) // 2, len(whole) - 1}:
        events = engine.stream(case.task.name, **request_of(engine, case))
        seen = [event for event, _ in zip(events, range(stop), strict=False)]
        events.close()
        assert list(events) == []
        assert not any(isinstance(event, Result) for event in seen)
    assert digests(result_of(engine, case)) == digests(whole[-1])  # type: ignore[arg-type]


@EVERY_CASE
def test_the_command_line_writes_the_same_bytes_twice(
    engine: Engine, case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = []
    for one in case.inputs:
        name, content, _ = given_file(one)
        (tmp_path / name).write_bytes(content)
        named = one.required or one == case.task.inputs[0]
        inputs += [*([] if named else [f"--{one.name}"]), str(tmp_path / name)]
    flags = [
        f"--{name.rstrip('_').replace('_', '-')}={value}"
        for name, value in small_options(case).items()
    ]
    seed = ["--seed=11"] if case in SEEDED else []
    makes_files = case.task.output != "labels"
    command = [case.task.group, case.task.verb, *inputs, *flags, "--asset", case.asset, "--json"]
    printed = []
    for out in ("a", "b"):
        written = ["--output", str(tmp_path / out)] if makes_files else []
        with pytest.raises(SystemExit) as ended:
            main([*command, *seed, *written])
        printed.append(capsys.readouterr())
        assert ended.value.code == 0
        assert printed[-1].err == ""
    assert printed[0] == printed[1]
    assert json.loads(printed[0].out)["task"] == case.task.name
    files = [{path.name: path.read_bytes() for path in (tmp_path / out).glob("*")} for out in "ab"]
    assert files[0] == files[1]
    assert bool(files[0]) == makes_files
