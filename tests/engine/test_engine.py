from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from creative_gen import __version__, open_engine
from creative_gen.engine.engine import Engine
from creative_gen.engine.registry import Registry
from creative_gen.engine.request import checked_options
from creative_gen.interface import image_options
from creative_gen.interface.errors import BadPlugin, InvalidRequest, UnknownAsset, UnknownTask
from creative_gen.interface.families import Family, Reference
from creative_gen.interface.jobs import Chunk, Event, Output, Progress, Request, Result, Step
from creative_gen.interface.options import MAX_SEED
from creative_gen.interface.sketch_options import GenerateOptions
from creative_gen.interface.tasks import TASKS
from creative_gen.interface.values import digest
from creative_gen.interface.wire import manifest
from creative_gen.media.image import Image
from creative_gen.media.sketch import Sketch
from tests.toy_assets import half_a_drawing, write_toy_asset
from tests.toy_tinter import FAMILY, write_tinter

DOT = Sketch(([[1, 1]],), (2, 2))


class WideOptions(GenerateOptions):
    """The options of sketch.generate, and a width."""

    width: float = Field(1.0, ge=0.5, le=4.0, description="How wide.")

    def check(self, inputs: Mapping[str, Any]) -> None:
        if self.width > 3:
            raise InvalidRequest("This is wider than the drawing.", "Make it narrower.")


@dataclass
class Scripted:
    """A generator that yields what it is told to, and notes when it is cancelled."""

    steps: list[Step]
    requests: list[Request] = field(default_factory=list)
    cancelled: bool = False

    def run(self, request: Request) -> Iterator[Step]:
        self.requests.append(request)
        try:
            yield from self.steps
        except GeneratorExit:
            self.cancelled = True
            raise


@dataclass(frozen=True)
class Returning(Reference):
    """A reference to a generator that is made already."""

    generator: Scripted = field(default_factory=lambda: Scripted([]))

    def load(self) -> Any:
        return lambda asset: self.generator


Scripter = Callable[..., tuple[Engine, Scripted]]


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripter:
    """Function that makes an engine whose only asset yields given steps."""
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path))
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")

    def engine_of(*steps: Step) -> tuple[Engine, Scripted]:
        generator = Scripted(list(steps))
        registry = Registry(entry_points=False)
        registry.families["scripted"] = Family(
            name="scripted",
            summary="Follows a script.",
            tasks=("sketch.generate", "sketch.complete"),
            generator=Returning("nowhere:Nothing", generator),
            options={"sketch.generate": WideOptions},
        )
        write_toy_asset(tmp_path, "actor", family="scripted", tasks=("generate", "complete"))
        return Engine(registry), generator

    return engine_of


def fractions(events: list[Event]) -> list[float]:
    return [event.fraction for event in events if isinstance(event, Progress)]


def test_events_are_relayed_and_a_result_ends_them(scripted: Scripter) -> None:
    engine, _ = scripted(Progress(0.5, (DOT,)), Chunk(DOT), (Output(DOT, {"seed": 7}),))
    events = list(engine.stream("sketch.generate", seed=7))
    assert events[:3] == [Progress(0.0), Progress(0.5, (DOT,)), Chunk(DOT)]
    result = events[-1]
    assert isinstance(result, Result)
    assert result.values == (DOT,)
    assert result.outputs[0].details == {"seed": 7}
    assert (result.task, result.asset) == ("sketch.generate", "actor")
    assert result.licence == "CC0-1.0"
    assert result.options["seed"] == 7
    assert result.version == __version__


def test_progress_never_falls_and_stays_within_its_bounds(scripted: Scripter) -> None:
    engine, _ = scripted(Progress(0.6), Progress(0.2), Progress(7.0), (Output(DOT),))
    assert fractions(list(engine.stream("sketch.generate"))) == [0.0, 0.6, 0.6, 1.0]


def test_nothing_comes_after_the_result(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),), Progress(0.5), (Output(DOT),))
    events = list(engine.stream("sketch.generate"))
    assert isinstance(events[-1], Result)
    assert sum(isinstance(event, Result) for event in events) == 1
    assert generator.cancelled


def test_closing_the_stream_cancels_the_generator(scripted: Scripter) -> None:
    engine, generator = scripted(Progress(0.1), Progress(0.2), (Output(DOT),))
    events = engine.stream("sketch.generate")
    assert [next(events), next(events)] == [Progress(0.0), Progress(0.1)]
    assert not generator.cancelled
    events.close()
    assert generator.cancelled


def test_raising_from_on_progress_cancels(scripted: Scripter) -> None:
    engine, generator = scripted(Progress(0.1), Progress(0.2), (Output(DOT),))

    def stop(event: Progress) -> None:
        if event.fraction > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run("sketch.generate", on_progress=stop)
    assert generator.cancelled


def test_chunks_are_handed_on_as_they_are_made(scripted: Scripter) -> None:
    chunks = [Chunk(DOT), Chunk(DOT, 1, {"seed": 8}), Chunk(DOT)]
    engine, _ = scripted(chunks[0], Progress(0.5), *chunks[1:], (Output(DOT), Output(DOT)))
    seen: list[Chunk] = []
    result = engine.run("sketch.generate", on_chunk=seen.append)
    assert seen == chunks
    assert len(result.outputs) == 2


def test_raising_from_on_chunk_cancels(scripted: Scripter) -> None:
    engine, generator = scripted(Chunk(DOT), Chunk(DOT), (Output(DOT),))

    def stop(chunk: Chunk) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run("sketch.generate", on_chunk=stop)
    assert generator.cancelled


def test_no_chunk_is_kept_after_it_was_handed_on(
    scripted: Scripter, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Sketch]] = []

    def drawn(request: Request) -> Iterator[Step]:
        for number in range(10):
            dot = Sketch(([[number, number]],), (20, 20))
            made.append(weakref.ref(dot))
            yield Chunk(dot)
        yield (Output(DOT),)

    engine, generator = scripted()
    monkeypatch.setattr(generator, "run", drawn)
    alive: list[int] = []
    engine.run(
        "sketch.generate",
        on_chunk=lambda chunk: alive.append(sum(one() is not None for one in made)),
    )
    assert len(alive) == 10
    # The one that is handed on, and the one that the family still holds.
    assert max(alive) <= 2


def test_a_job_tells_where_its_result_comes_from_before_it_is_made(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),))
    job = engine.stream("sketch.complete", sketch=DOT, seed=3)
    assert not generator.requests
    *_, result = job
    assert isinstance(result, Result)
    assert vars(job.origin) == {
        name: value for name, value in vars(result).items() if name != "outputs"
    }
    assert job.origin.options["seed"] == 3
    assert job.origin.inputs == {"sketch": digest(DOT)}


def test_an_unknown_category_is_told_at_once(scripted: Scripter, tmp_path: Path) -> None:
    engine, generator = scripted((Output(DOT),))
    known = [{"name": "pig"}, {"name": "dog"}]
    write_toy_asset(tmp_path, "other", family="scripted", tasks=("generate",), categories=known)
    with pytest.raises(InvalidRequest, match="'actor' does not know 'pug'") as raised:
        engine.stream("sketch.generate", category="pug")
    assert raised.value.hint == "It knows cat, face, alarm clock. 'other' knows pig, dog."
    with pytest.raises(InvalidRequest, match="'other' does not know 'cat'"):
        engine.stream("sketch.generate", category="cat", asset="other")
    assert not generator.requests
    assert engine.run("sketch.generate", category="pig").asset == "other"


def test_an_asset_without_categories_may_take_any_name(scripted: Scripter, tmp_path: Path) -> None:
    engine, _ = scripted((Output(DOT),))
    write_toy_asset(tmp_path, "pug", family="scripted", tasks=("generate",), categories=[])
    assert engine.run("sketch.generate", category="pug").asset == "pug"


def test_options_that_do_not_fit_the_inputs_are_refused(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),))
    with pytest.raises(InvalidRequest, match="wider than the drawing"):
        engine.stream("sketch.generate", width=3.5)
    assert not generator.requests


def test_a_family_that_ends_without_a_result_is_told(scripted: Scripter) -> None:
    engine, _ = scripted(Progress(0.5))
    with pytest.raises(BadPlugin, match=r"'scripted' ended sketch\.generate without a result"):
        engine.run("sketch.generate")


def test_a_seed_drawn_at_random_is_told_and_repeats_the_result(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),))
    seeds = {engine.run("sketch.generate").options["seed"] for _ in range(4)}
    assert len(seeds) == 4
    assert all(isinstance(seed, int) and 0 <= seed <= MAX_SEED for seed in seeds)
    assert {getattr(request.options, "seed") for request in generator.requests} == seeds  # noqa: B009


def test_a_familys_own_options_are_checked_and_passed_on(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),))
    assert engine.run("sketch.generate", width=2).options["width"] == 2.0
    assert isinstance(generator.requests[0].options, WideOptions)
    with pytest.raises(InvalidRequest, match="'width' is not valid"):
        engine.run("sketch.generate", width=5)
    with pytest.raises(InvalidRequest, match="no option 'width'"):
        engine.run("sketch.complete", width=2, sketch=DOT)


def test_inputs_are_told_by_their_digests(scripted: Scripter) -> None:
    engine, _ = scripted((Output(DOT),))
    results = [engine.run("sketch.complete", sketch=one) for one in (DOT, half_a_drawing(), DOT)]
    assert [list(result.inputs) for result in results] == [["sketch"]] * 3
    assert results[0].inputs == results[2].inputs != results[1].inputs


@pytest.mark.parametrize("value", [None, "a.svg", [[1, 2]]])
def test_an_input_of_another_kind_is_refused(scripted: Scripter, value: object) -> None:
    engine, _ = scripted((Output(DOT),))
    with pytest.raises(InvalidRequest, match="needs a sketch as 'sketch'"):
        engine.run("sketch.complete", sketch=value)


def test_a_request_is_checked_before_the_first_event(scripted: Scripter) -> None:
    engine, generator = scripted((Output(DOT),))
    with pytest.raises(InvalidRequest, match="There is no option 'countt'"):
        engine.stream("sketch.generate", countt=3)
    with pytest.raises(UnknownTask, match="no task"):
        engine.stream("sketch.fly")
    with pytest.raises(UnknownAsset, match="no asset 'nobody'"):
        engine.stream("sketch.generate", asset="nobody")
    with pytest.raises(UnknownTask, match=r"'actor' does not do sketch\.classify"):
        engine.stream("sketch.classify", asset="actor", sketch=DOT)
    assert not generator.requests


def test_no_asset_for_a_task_is_told(scripted: Scripter) -> None:
    engine, _ = scripted()
    with pytest.raises(UnknownTask, match=r"No installed asset does sketch\.classify"):
        engine.run("sketch.classify", sketch=DOT)


def test_broken_assets_are_not_chosen(scripted: Scripter, tmp_path: Path) -> None:
    engine, _ = scripted((Output(DOT),))
    broken = write_toy_asset(tmp_path, "a-broken-one")
    (broken / "card.toml").write_text("name = ", "utf-8")
    write_toy_asset(tmp_path, "a-strangers", family="not_installed")
    assert engine.run("sketch.generate").asset == "actor"


def test_an_asset_is_loaded_once_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path))
    write_toy_asset(tmp_path)
    engine = open_engine()
    task = TASKS["sketch.generate"]
    first = engine.generator(engine.asset_for(task, "toy"))
    assert engine.generator(engine.asset_for(task, "toy")) is first
    card = tmp_path / "toy" / "card.toml"
    card.write_text(card.read_text("utf-8").replace("max_points = 40", "max_points = 30"), "utf-8")
    assert engine.generator(engine.asset_for(task, "toy")) is not first


PICTURE = Image(np.arange(48, dtype=np.uint8).reshape(4, 4, 3))
HINTS = Image(np.zeros((4, 4, 4), np.uint8))


@pytest.fixture
def painted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripter:
    """Function that makes an engine whose assets "photos" and "drawings" yield given steps."""
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path))
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")
    monkeypatch.setattr(image_options, "guessed_kind", lambda inputs: "artwork")

    def engine_of(*steps: Step) -> tuple[Engine, Scripted]:
        generator = Scripted(list(steps))
        registry = Registry(entry_points=False)
        family = Family("tint", "Paints.", FAMILY.tasks, Returning("nowhere:Nothing", generator))
        registry.families["tint"] = family
        write_tinter(tmp_path, "photos", "photo", "portrait", first_for=["image.upscale"])
        write_tinter(tmp_path, "drawings", "artwork")
        return Engine(registry), generator

    return engine_of


def test_an_input_that_is_not_required_may_be_left_out(painted: Scripter) -> None:
    engine, generator = painted((Output(PICTURE),))
    results = [
        engine.run("image.colorize", image=PICTURE),
        engine.run("image.colorize", image=PICTURE, hints=None),
        engine.run("image.colorize", image=PICTURE, hints=HINTS),
    ]
    given = [list(request.inputs) for request in generator.requests]
    assert given == [["image"], ["image"], ["image", "hints"]]
    assert [list(result.inputs) for result in results] == given
    assert results[2].inputs["hints"] == digest(HINTS)


def test_an_input_that_is_not_required_is_checked_where_it_is_given(painted: Scripter) -> None:
    engine, generator = painted((Output(PICTURE),))
    with pytest.raises(InvalidRequest, match="needs a picture as 'hints'"):
        engine.run("image.colorize", image=PICTURE, hints="hints.png")
    with pytest.raises(InvalidRequest, match="no transparency"):
        engine.run("image.colorize", image=PICTURE, hints=PICTURE)
    with pytest.raises(InvalidRequest, match="needs a picture as 'image'"):
        engine.run("image.colorize", hints=HINTS)
    assert not generator.requests


def test_a_picture_of_pillow_is_taken(painted: Scripter) -> None:
    engine, generator = painted((Output(PICTURE),))
    result = engine.run("image.upscale", image=PICTURE.to_pil())
    assert generator.requests[0].inputs == {"image": PICTURE}
    assert result.inputs == {"image": digest(PICTURE)}


def test_a_kind_that_is_not_given_is_guessed_and_told(painted: Scripter) -> None:
    engine, _ = painted((Output(PICTURE),))
    guessed = engine.run("image.upscale", image=PICTURE)
    assert (guessed.asset, guessed.options["kind"]) == ("drawings", "artwork")
    given = engine.run("image.upscale", image=PICTURE, kind="portrait")
    assert (given.asset, given.options["kind"]) == ("photos", "portrait")


def test_a_guess_is_not_told_of_an_asset_that_does_not_offer_it(
    painted: Scripter, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _ = painted((Output(PICTURE),))
    named = engine.run("image.upscale", image=PICTURE, asset="photos")
    assert (named.asset, named.options["kind"]) == ("photos", None)
    for guess in ("map", None):
        monkeypatch.setattr(image_options, "guessed_kind", lambda inputs, told=guess: told)
        result = engine.run("image.upscale", image=PICTURE)
        assert (result.asset, result.options["kind"]) == ("photos", None)


def test_what_is_guessed_is_guessed_from_the_inputs(
    painted: Scripter, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, _ = painted((Output(PICTURE),))
    seen: list[object] = []
    monkeypatch.setattr(image_options, "guessed_kind", seen.append)
    engine.run("image.upscale", image=PICTURE, scale=3)
    assert seen == [{"image": PICTURE}]
    engine.run("image.upscale", image=PICTURE, kind="photo")
    assert len(seen) == 1


def test_notes_are_told_once(painted: Scripter) -> None:
    noted = ("The hints were resized.", "It is coloured already.")
    outputs = Output(PICTURE, notes=noted), Output(PICTURE), Output(PICTURE, notes=noted[1:])
    engine, _ = painted(outputs)
    result = engine.run("image.colorize", image=PICTURE, count=3)
    assert result.notes == noted
    told = manifest(result, [])["outputs"]
    assert told == [{"notes": list(noted)}, {}, {"notes": [noted[1]]}]


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
NAMES = sorted({name for task in TASKS.values() for name in task.options.model_fields})


@given(
    task=st.sampled_from(sorted(TASKS)),
    options=st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), JSONISH, max_size=4),
)
def test_any_options_are_either_whole_or_refused(task: str, options: dict[str, object]) -> None:
    kind = TASKS[task].options
    try:
        checked = checked_options(kind, options)
    except InvalidRequest as error:
        assert error.message.startswith(("The option", "There is no option"))
        assert error.message.endswith(".")
        assert error.hint
        return
    assert kind.model_validate(checked.model_dump()) == checked
    assert "seed" not in kind.model_fields or isinstance(checked.model_dump()["seed"], int)
