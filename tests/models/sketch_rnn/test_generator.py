from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative_gen import open_engine
from creative_gen.engine.engine import Engine
from creative_gen.interface.errors import CreativeGenError, InvalidAsset, InvalidRequest
from creative_gen.interface.values import Labels
from creative_gen.kernels.random import seeds_from
from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.generator import grown
from tests.toy_assets import (
    CATEGORIES,
    TOY,
    half_a_drawing,
    write_toy_asset,
    write_unconditional_asset,
)

HALF = half_a_drawing()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(scope="module")
def engine(root: Path) -> Any:
    write_toy_asset(root)
    write_unconditional_asset(root, "alarm-clock")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREATIVE_GEN_ASSETS", str(root))
        yield open_engine()


def complete(engine: Engine, sketch: Sketch = HALF, **options: Any) -> list[Sketch]:
    options = {"asset": "toy", "seed": 5, "count": 4, "category": "cat"} | options
    values = engine.run("sketch.complete", sketch=sketch, **options).values
    return [value for value in values if isinstance(value, Sketch)]


def test_the_best_are_the_likeliest_of_all_that_were_drawn(engine: Engine) -> None:
    def drawn(count: int, best_of: int) -> list[tuple[int, float]]:
        options = {"seed": 5, "category": "alarm clock", "count": count, "best_of": best_of}
        result = engine.run("sketch.complete", asset="alarm-clock", sketch=HALF, **options)
        return [
            (int(o.details["seed"]), float(o.details["log_likelihood"])) for o in result.outputs
        ]

    every = drawn(20, 20)
    assert sorted(seed for seed, _ in every) == list(range(5, 25))
    scores = np.array([score for _, score in every])
    # Falling, but for one rise: those that the model never ended come last.
    assert (np.diff(scores) > 0).sum() <= 1
    assert drawn(4, 20) == every[:4]


def test_a_generated_sketch_is_the_best_of_its_tries_alone_and_in_a_batch(engine: Engine) -> None:
    def drawn(**options: Any) -> Any:
        options = {"asset": "toy", "category": "cat", "tries": 5} | options
        return engine.run("sketch.generate", **options)

    batch = drawn(seed=5, count=4)
    assert drawn(seed=7, count=1).outputs[0] == batch.outputs[2]
    assert drawn(seed=7, count=1, tries=1).values[0] != batch.values[2]


def test_four_times_the_count_are_drawn_by_default(engine: Engine) -> None:
    assert complete(engine, count=3) == complete(engine, count=3, best_of=12)
    assert complete(engine, count=3) != complete(engine, count=3, best_of=3)


def test_a_lifted_pen_starts_a_new_stroke_and_a_lowered_one_goes_on(engine: Engine) -> None:
    for one in complete(engine, continue_stroke=True):
        np.testing.assert_allclose(one.strokes[2][0], HALF.strokes[1][-1], atol=1e-3)
    lifted = [one.strokes[2][0] for one in complete(engine, continue_stroke=False)]
    assert not any(np.allclose(start, HALF.strokes[1][-1], atol=1e-3) for start in lifted)


def test_the_frame_decides_how_large_the_rest_is(engine: Engine) -> None:
    frames = {frame: complete(engine, frame=frame) for frame in ("document", "drawing", "fit")}
    small = Sketch(tuple(stroke / 4 for stroke in HALF.strokes), HALF.size)
    assert frames["document"] != frames["drawing"]
    # Where the frame is that of the strokes, what is added grows and shrinks with them.
    for whole, quarter in zip(
        frames["drawing"], complete(engine, small, frame="drawing"), strict=True
    ):
        for one, other in zip(whole.strokes, quarter.strokes, strict=True):
            np.testing.assert_allclose(one, 4 * other, rtol=1e-3, atol=0.5)
    assert all(len(one.strokes) > 2 for one in frames["fit"])


def test_a_drawing_that_fills_the_models_memory_is_still_completed(engine: Engine) -> None:
    points = TOY.max_points
    zigzag = np.stack([np.arange(points) * 5, 60 * (np.arange(points) % 2)], axis=1)
    for one in complete(engine, Sketch((zigzag,), (200, 100))):
        assert one.points > points


def test_the_category_is_guessed_where_none_is_given(engine: Engine) -> None:
    labels = engine.run("sketch.classify", asset="toy", sketch=HALF).values[0]
    assert isinstance(labels, Labels)
    assert {label.name for label in labels.labels} == set(CATEGORIES)
    assert sum(label.probability for label in labels.labels) == pytest.approx(1)
    guessed = engine.run("sketch.reconstruct", asset="toy", sketch=HALF).outputs[0]
    assert guessed.details["category"] == labels.labels[0].name


def test_an_unknown_category_is_told_with_those_that_there_are(engine: Engine) -> None:
    with pytest.raises(InvalidRequest, match="'toy' does not know 'unicorn'") as raised:
        complete(engine, category="unicorn")
    assert "cat, face, alarm clock" in raised.value.hint
    with pytest.raises(InvalidRequest, match="does not know 'cat'") as raised:
        complete(engine, asset="alarm-clock")
    assert "leave the category out" in raised.value.hint


def test_a_model_of_one_thing_takes_its_name_as_the_category(engine: Engine) -> None:
    named = complete(engine, asset="alarm-clock", category="alarm clock")
    assert named == complete(engine, asset="alarm-clock", category=None)


def test_categories_are_drawn_in_turn_where_none_is_given(engine: Engine) -> None:
    result = engine.run("sketch.generate", asset="toy", count=6, seed=9)
    names = [output.details["category"] for output in result.outputs]
    assert names == [CATEGORIES[seed % 3] for seed in range(9, 15)]


def test_only_what_is_offered_is_drawn_unasked(engine: Engine, root: Path) -> None:
    offered = [{"name": name, "offered": name == "face"} for name in CATEGORIES]
    write_toy_asset(root, "one-good", categories=offered)
    result = engine.run("sketch.generate", asset="one-good", count=6)
    assert {output.details["category"] for output in result.outputs} == {"face"}


def test_an_asset_that_offers_what_it_was_not_trained_on_is_refused(
    engine: Engine, root: Path
) -> None:
    write_toy_asset(root, "boaster", categories=[{"name": "unicorn"}])
    with pytest.raises(InvalidAsset, match="offers 'unicorn'"):
        engine.run("sketch.generate", asset="boaster")


def test_a_model_with_classes_and_no_encoder_must_be_told_the_category(
    engine: Engine, root: Path
) -> None:
    config = TOY.model_copy(update={"latent_size": 0})
    write_toy_asset(root, "no-encoder", config, tasks=("complete", "generate"))
    assert complete(engine, asset="no-encoder")
    with pytest.raises(InvalidRequest, match="cannot tell what a sketch is of"):
        complete(engine, asset="no-encoder", category=None)


def test_a_cold_reconstruction_is_the_same_for_every_seed(engine: Engine) -> None:
    options = {"asset": "toy", "sketch": HALF, "temperature": 0.0, "count": 3}
    first, *others = engine.run("sketch.reconstruct", **options).values
    assert all(other == first for other in others)


def test_an_interpolation_starts_and_ends_with_its_reconstructions(engine: Engine) -> None:
    other = Sketch(([[10, 10], [90, 20], [40, 80]],), (100, 100))
    ends = {"first": HALF, "second": other}
    walk = engine.run(
        "sketch.interpolate", asset="toy", steps=3, category="cat", temperature=0, **ends
    ).values
    for drawn, sketch in ((walk[0], HALF), (walk[-1], other)):
        (again,) = engine.run(
            "sketch.reconstruct", asset="toy", category="cat", temperature=0, count=1, sketch=sketch
        ).values
        assert isinstance(drawn, Sketch)
        assert isinstance(again, Sketch)
        # One is in canvas units, the other in the sketch's own.
        here, there = drawing_rows(drawn)[:, :2], drawing_rows(again)[:, :2]
        ratio = np.abs(here).sum() / np.abs(there).sum()
        np.testing.assert_allclose(here, there * ratio, atol=0.05 * np.abs(here).max())


def test_seeds_follow_each_other_and_wrap() -> None:
    assert seeds_from(2**32 - 2, 4).tolist() == [2**32 - 2, 2**32 - 1, 0, 1]


def test_a_grown_frame_is_a_square_around_the_same_centre() -> None:
    assert grown((0, 0, 4, 2), 2) == (-2, -3, 6, 5)


COORDINATES = st.floats(-1e9, 1e9, width=32) | st.integers(-50, 50).map(float)
POINTS = st.tuples(COORDINATES, COORDINATES)
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=8), max_size=4)
SIDES = st.floats(1e-3, 1e6)


@given(
    strokes=STROKES,
    size=st.tuples(SIDES, SIDES),
    task=st.sampled_from(["complete", "reconstruct", "classify", "interpolate"]),
    frame=st.sampled_from(["document", "drawing", "fit"]),
    continue_stroke=st.booleans(),
    temperature=st.sampled_from([0.0, 0.4, 2.0]),
)
def test_any_sketch_is_answered_or_refused(
    engine: Engine,
    strokes: list[list[tuple[float, float]]],
    size: tuple[float, float],
    task: str,
    frame: str,
    continue_stroke: bool,
    temperature: float,
) -> None:
    sketch = Sketch(tuple(np.array(stroke) for stroke in strokes), size)
    inputs = {"first": sketch, "second": HALF} if task == "interpolate" else {"sketch": sketch}
    options: dict[str, Any] = {
        "classify": {},
        "interpolate": {"steps": 2, "temperature": temperature},
        "reconstruct": {"count": 1, "temperature": temperature},
        "complete": {
            "count": 1,
            "best_of": 2,
            "temperature": temperature,
            "frame": frame,
            "continue_stroke": continue_stroke,
        },
    }[task]
    try:
        result = engine.run(f"sketch.{task}", asset="toy", **inputs, **options)
    except (CreativeGenError, MediaError) as error:
        assert error.message.endswith(".")
        assert error.hint
        return
    if task == "complete":
        (value,) = result.values
        assert isinstance(value, Sketch)
        assert all(map(np.array_equal, value.strokes, sketch.strokes))
        assert len(value.strokes) > len(sketch.strokes)
