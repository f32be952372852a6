"""Answers the sketch tasks with a trained Sketch-RNN."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidAsset, InvalidRequest, UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.interface.sketch_options import (
    ClassifyOptions,
    CompleteOptions,
    GenerateOptions,
    InterpolateOptions,
    ReconstructOptions,
)
from creative_gen.interface.values import Label, Labels
from creative_gen.kernels.random import seeds_from
from creative_gen.kernels.stroke_state import DecoderState
from creative_gen.latent.walks import interpolate
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.drawings import Stroke3
from creative_gen.models.sketch_rnn.placing import (
    Frame,
    Placed,
    added_strokes,
    centred,
    joined_to,
    over,
    place,
)
from creative_gen.models.sketch_rnn.planning import half_planned, likeliest_z, plan_pool, prior_z
from creative_gen.models.sketch_rnn.player import Drawn, Player

FEWEST_NEW_POINTS = 3
"""A completion adds at least this much."""

UNENDED_PENALTY = 10.0
"""Nats that a drawing loses in the ranking when the model did not end it."""

POOLS_KEPT = 3
"""Categories whose pool of plans is kept, 3 MB each: a drawing grows in one."""

AT_ONCE = 400
"""Drawings that are generated in one batch: more would only take more memory."""

FIT_SCALES = 2.0 ** np.linspace(0, 1.5, 7)
"""How much larger than the given strokes a finished drawing may be, when it is guessed."""

Events = Iterator[Step]


class SketchRNNGenerator:
    """Plays a Sketch-RNN asset; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = Player(asset)
        self.name = asset.name
        self._pool = lru_cache(POOLS_KEPT)(partial(plan_pool, self.player))
        self.offered = asset.categories or self.player.config.categories
        unknown = set(self.offered) - set(self.player.config.categories)
        if unknown:
            raise InvalidAsset(
                f"The asset '{asset.name}' offers '{min(unknown)}', which it was not trained on.",
                f"Fetch or build the asset '{asset.name}' again.",
            )

    def run(self, request: Request) -> Events:
        """Answer a request with progress and, at last, a tuple of outputs."""
        options, inputs = request.options, request.inputs
        if isinstance(options, CompleteOptions):
            return self.complete(_sketch(inputs["sketch"]), options)
        if isinstance(options, ReconstructOptions):
            return self.reconstruct(_sketch(inputs["sketch"]), options)
        if isinstance(options, InterpolateOptions):
            return self.interpolate(_sketch(inputs["first"]), _sketch(inputs["second"]), options)
        if isinstance(options, GenerateOptions):
            return self.generate(options)
        if isinstance(options, ClassifyOptions):
            return self.classify(_sketch(inputs["sketch"]), options)
        raise UnknownTask(f"A Sketch-RNN does not do {request.task}.", "Choose another asset.")

    def complete(self, sketch: Sketch, options: CompleteOptions) -> Events:
        """Feed the given strokes to the decoder, branch, draw on, and keep the likeliest."""
        placed, category = self._understand(sketch, options)
        player, drawing = self.player, placed.drawing
        total = max(options.best_of or 4 * options.count, options.count)
        seeds = seeds_from(options.seed, total)
        branches = self._fed(drawing, category, seeds)
        limit = player.config.max_points
        room = max(limit - len(drawing), limit // 4, FEWEST_NEW_POINTS)
        fewest = len(drawing) + FEWEST_NEW_POINTS
        drawn = yield from self._draw(branches, room, options.temperature, fewest)
        best = np.arange(1)
        if total > 1:
            whole = [np.concatenate([drawing, rows]) for rows in drawn.drawings]
            scores = self._scores(drawn, whole, [category] * total)
            best = np.argsort(-scores, kind="stable")[: options.count]
        yield tuple(
            Output(
                Sketch(sketch.strokes + added_strokes(placed, drawn.drawings[index]), sketch.size),
                _details(int(seeds[index]), category, drawn, int(index))
                | {"given_points": sketch.points},
            )
            for index in best
        )

    def reconstruct(self, sketch: Sketch, options: ReconstructOptions) -> Events:
        """Encode the drawing, and draw it again from its latent vector."""
        placed = self._placed(sketch, bounds_of(sketch))
        mean, _ = self.player.encode([placed.drawing])
        category = self._category(options.category, placed)
        seeds = seeds_from(options.seed, options.count)
        z = np.repeat(mean, options.count, axis=0)
        classes = self.player.classes(category, options.count)
        state = self.player.decoder.start(seeds, self.player.condition(z, classes))
        drawn = yield from self._draw(state, self.player.config.max_points, options.temperature)
        yield tuple(
            Output(over(rows, placed), _details(int(seeds[index]), category, drawn, index))
            for index, rows in enumerate(drawn.drawings)
        )

    def interpolate(self, first: Sketch, second: Sketch, options: InterpolateOptions) -> Events:
        """Encode both drawings, and draw what lies between their latent vectors."""
        placed = [self._placed(sketch, bounds_of(sketch)) for sketch in (first, second)]
        mean, _ = self.player.encode([one.drawing for one in placed])
        z = interpolate(mean[0], mean[1], options.steps, options.path)
        names = [self._category(options.category, one) for one in placed]
        ends = np.concatenate([self.player.classes(name, 1) for name in names])
        shares = np.linspace(0, 1, options.steps, dtype=np.float32)[:, None]
        classes = (1 - shares) * ends[0] + shares * ends[1]
        # One seed for all: only the latent vector changes along the way.
        seeds = np.full(options.steps, options.seed, np.uint64)
        state = self.player.decoder.start(seeds, self.player.condition(z, classes))
        drawn = yield from self._draw(state, self.player.config.max_points, options.temperature)
        yield tuple(
            Output(
                centred(rows),
                _details(int(seeds[index]), names[round(float(shares[index, 0]))], drawn, index),
            )
            for index, rows in enumerate(drawn.drawings)
        )

    def generate(self, options: GenerateOptions) -> Events:
        """Draw from nothing but the category, each sketch a few times, and keep the best."""
        seeds = seeds_from(options.seed, options.count)
        outputs: list[Output] = []
        batch = max(1, AT_ONCE // options.tries)
        for first in range(0, options.count, batch):
            for step in self._generated(seeds[first : first + batch], options):
                if isinstance(step, Progress):
                    done = first + step.fraction * min(batch, options.count - first)
                    yield Progress(done / options.count)
                else:
                    outputs += step
        yield tuple(outputs)

    def _generated(
        self, seeds: NDArray[np.uint64], options: GenerateOptions
    ) -> Iterator[Progress | list[Output]]:
        """The best of a few tries for each seed."""
        tries = options.tries
        names = [self._drawn_category(options.category, int(seed)) for seed in seeds]
        # Seeds of requests have 32 bits: the tries of one sketch differ above them.
        each = (seeds[:, None] + (np.arange(tries, dtype=np.uint64) << np.uint64(32))).ravel()
        wanted = [name for name in names for _ in range(tries)]
        classes = np.concatenate([self.player.classes(name, 1) for name in wanted])
        condition = self.player.free_condition(classes, each)
        if self.player.has_prior:
            z = prior_z(self.player, wanted, each)
            planned = np.tile(np.arange(tries) % 2 == 1, len(seeds))
            condition = half_planned(self.player, z, classes, planned)
        state = self.player.decoder.start(each, condition)
        limit = self.player.config.max_points
        drawn = yield from self._draw(state, limit, options.temperature, FEWEST_NEW_POINTS)
        scores = self._scores(drawn, drawn.drawings, wanted).reshape(-1, tries)
        best = (np.arange(len(seeds)) * tries + scores.argmax(axis=1)).tolist()
        yield [
            Output(
                centred(drawn.drawings[row]), _details(int(seeds[index]), names[index], drawn, row)
            )
            for index, row in enumerate(best)
        ]

    def classify(self, sketch: Sketch, options: ClassifyOptions) -> Events:
        """Name the likeliest categories of a drawing, whole or in part."""
        placed = self._placed(sketch, bounds_of(sketch))
        mean, _ = self.player.encode([placed.drawing])
        probabilities = np.exp(self.player.class_log_probabilities(mean)[0])
        names = self.player.config.categories
        best = np.argsort(-probabilities, kind="stable")[: options.top]
        labels = tuple(Label(names[index], float(probabilities[index])) for index in best)
        yield (Output(Labels(labels)),)

    def _draw(
        self, state: DecoderState, points: int, temperature: float, min_points: int = 0
    ) -> Generator[Progress, None, Drawn]:
        for step in self.player.draw(state, points, temperature, min_points):
            if isinstance(step, Drawn):
                return step
            yield Progress(step)
        raise RuntimeError("drawing ended without a drawing")

    def _understand(self, sketch: Sketch, options: CompleteOptions) -> tuple[Placed, str | None]:
        """Place half a drawing on the canvas of the whole, and tell what it is of."""
        frame = bounds_of(sketch)
        if options.frame == "document":
            frame = (0.0, 0.0, *sketch.size)
        placed = joined_to(self._placed(sketch, frame), options.continue_stroke)
        category = self._category(options.category, placed)
        if options.frame == "fit":
            placed = self._fitted(sketch, category, options.continue_stroke)
        return placed, category

    def _fed(
        self, drawing: Stroke3, category: str | None, seeds: NDArray[np.uint64]
    ) -> DecoderState:
        """A state for each seed that has drawn the given rows, with a plan where there are any."""
        player, planned = self.player, category is not None and self.player.has_prior
        # Where the seeds share a condition, one reads the drawing for all.
        readers = seeds if planned or player.draws_latent else seeds[:1]
        classes = player.classes(category, len(readers))
        condition = player.free_condition(classes, readers)
        if category is not None and planned:
            plans = likeliest_z(player, drawing, self._pool(category))
            condition = player.condition(plans[readers.astype(np.int64) % len(plans)], classes)
        state = player.decoder.start(readers, condition)
        points, lengths = player.stroke5([drawing] * len(readers))
        player.decoder.feed(state, points, lengths)
        return state.repeat(len(seeds) // len(readers), seeds)

    def _fitted(self, sketch: Sketch, category: str | None, continue_stroke: bool) -> Placed:
        """The strokes on the canvas on which the decoder finds them likeliest."""
        frames = [grown(bounds_of(sketch), float(scale)) for scale in FIT_SCALES]
        places = [joined_to(self._placed(sketch, frame), continue_stroke) for frame in frames]
        points, lengths = self.player.stroke5([placed.drawing for placed in places])
        classes = self.player.classes(category, len(places))
        seeds = np.zeros(len(places), np.uint64)
        state = self.player.decoder.start(seeds, self.player.free_condition(classes, seeds))
        likelihood = self.player.decoder.feed(state, points, lengths).sum(axis=1)
        # Densities on a canvas twice as large are a quarter as high.
        in_sketch_units = likelihood + 2 * lengths * np.log([placed.scale for placed in places])
        return places[int(np.argmax(in_sketch_units / lengths))]

    def _placed(self, sketch: Sketch, frame: Frame) -> Placed:
        return place(sketch, frame, self.player.config.max_points)

    def _known(self, category: str | None) -> str | None:
        """The category, checked; None where the model has no categories.

        Such a model draws one thing, which its name may tell.
        """
        names = self.player.config.categories
        if not names and (category is None or category.replace(" ", "-") == self.name):
            return None
        if category not in names:
            raise InvalidRequest(
                f"The asset '{self.name}' does not know '{category}'.",
                f"It knows {', '.join(names) or 'one thing only: leave the category out'}.",
            )
        return category

    def _category(self, given: str | None, placed: Placed) -> str | None:
        """The category that was asked for, or the likeliest."""
        if given is not None or not self.player.config.categories:
            return self._known(given)
        if not self.player.config.conditional:
            raise InvalidRequest(
                f"The asset '{self.name}' cannot tell what a sketch is of.",
                f"Say it with the category: {', '.join(self.offered)}.",
            )
        mean, _ = self.player.encode([placed.drawing])
        probabilities = self.player.class_log_probabilities(mean)[0]
        return self.player.config.categories[int(np.argmax(probabilities))]

    def _drawn_category(self, category: str | None, seed: int) -> str | None:
        """What to draw: what was asked for, or else one of the offered categories by the seed."""
        if category is None and self.offered:
            return self.offered[seed % len(self.offered)]
        return self._known(category)

    def _scores(
        self,
        drawn: Drawn,
        whole: Sequence[NDArray[np.float32]],
        categories: Sequence[str | None],
    ) -> NDArray[np.float64]:
        """How good drawings are (N,): likely, seen as their category, and brought to an end."""
        scores = drawn.log_likelihood - UNENDED_PENALTY * ~drawn.ended
        names = self.player.config.categories
        if not (names and self.player.config.conditional):
            return scores
        mean, _ = self.player.encode(whole)
        columns = self.player.indices(categories)
        log_probability = self.player.class_log_probabilities(mean)
        return scores + log_probability[np.arange(len(whole)), columns]


def bounds_of(sketch: Sketch) -> Frame:
    """The bounding box of the strokes; the frame where they have no extent."""
    frame = (0.0, 0.0, *sketch.size)
    if not sketch.strokes:
        return frame
    left, top, right, bottom = sketch.bounds
    return sketch.bounds if max(right - left, bottom - top) > 0 else frame


def grown(bounds: Frame, factor: float) -> Frame:
    """A square frame around the same centre, `factor` times the larger side."""
    left, top, right, bottom = bounds
    half = factor * max(right - left, bottom - top, 1e-6) / 2
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - half, y - half, x + half, y + half


def _details(
    seed: int, category: str | None, drawn: Drawn, index: int
) -> dict[str, str | int | float]:
    details: dict[str, str | int | float] = {
        "seed": seed,
        "log_likelihood": round(float(drawn.log_likelihood[index]), 4),
    }
    return details | ({"category": category} if category else {})


def _sketch(value: object) -> Sketch:
    assert isinstance(value, Sketch)
    return value
