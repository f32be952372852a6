"""Answers the tasks of pictures from a latent space, for every family that has one."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest, UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.image_options import refuse_larger
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.interface.latent_options import (
    PictureClassifyOptions,
    PictureEditOptions,
    PictureGenerateOptions,
    PictureInterpolateOptions,
    PictureMapOptions,
    PictureReconstructOptions,
)
from creative_gen.interface.progress import between
from creative_gen.interface.values import Label, Labels
from creative_gen.kernels.random import seeds_from
from creative_gen.latent.categories import Categories
from creative_gen.latent.choosing import chosen_draws
from creative_gen.latent.directions import direction, moved
from creative_gen.latent.editing import working_out
from creative_gen.latent.enlarging import as_image
from creative_gen.latent.framing import framing
from creative_gen.latent.landmarks import landmarks_of
from creative_gen.latent.map_picture import MapPicture
from creative_gen.latent.place import Place, placing
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.sampling import standard_normal
from creative_gen.latent.walks import interpolate
from creative_gen.media.image import Image

Floats = NDArray[np.float32]

READING = 0.3
"""The share of the work that is done when the pictures have been read, or drawn."""

ALIKE = "All pictures are the same: at a temperature of 0, none is drawn at random."


class LatentGenerator:
    """Plays the latent space of an asset; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = LatentPlayer(asset)
        self.settings = self.player.settings
        self.categories = Categories(self.player)

    def run(self, request: Request) -> Iterator[Step]:
        """Answer a request with progress and, at last, a tuple of outputs."""
        options, inputs = request.options, request.inputs
        if isinstance(options, PictureGenerateOptions):
            return self.generate(options)
        if isinstance(options, PictureReconstructOptions):
            return self.reconstruct(_image(inputs["image"]), options)
        if isinstance(options, PictureInterpolateOptions):
            ends = _image(inputs["first"]), _image(inputs["second"])
            return self.interpolate(ends, options)
        if isinstance(options, PictureEditOptions):
            return self.edit(inputs, options)
        if isinstance(options, PictureMapOptions):
            return self.map(cast("Image | None", inputs.get("image")), options)
        if isinstance(options, PictureClassifyOptions):
            return self.classify(_image(inputs["image"]), options)
        raise UnknownTask(f"A latent space does not do {request.task}.", "Choose another asset.")

    def generate(self, options: PictureGenerateOptions) -> Iterator[Step]:
        """Decode latent vectors that are drawn from the prior, each from a seed of its own."""
        self._refuse_larger(options.count, options.scale)
        temperature = options.temperature
        if temperature is None:
            temperature = self.settings.temperature
        seeds = seeds_from(options.seed, options.count)
        names = [self.categories.drawn(options.category, int(seed)) for seed in seeds]
        labels = self.player.labels(names)
        draws = chosen_draws(self.player, seeds, labels, temperature, self._tries(options.tries))
        latent = yield from between(draws, 0, READING)
        images = yield from between(self._made(latent, labels, options.scale), READING, 1)
        alike = temperature == 0 and len(set(names)) < len(names)
        yield tuple(
            Output(image, _details(name, seed=int(seed)), (ALIKE,) if alike else ())
            for image, name, seed in zip(images, names, seeds, strict=True)
        )

    def reconstruct(self, image: Image, options: PictureReconstructOptions) -> Iterator[Step]:
        """Encode a picture, and decode what it is likely to be."""
        self._refuse_larger(options.count, options.scale)
        place = yield from between(self._placed(image, options.category), 0, READING)
        seeds = seeds_from(options.seed, options.count)
        noise = standard_normal(seeds, self.settings.latent)
        latent = place.latent + np.float32(options.temperature) * place.deviation * noise
        labels = np.repeat(place.label[None], options.count, axis=0)
        images = yield from between(self._made(latent, labels, options.scale), READING, 1)
        alike = options.temperature == 0 and options.count > 1
        notes = (*place.notes, *((ALIKE,) if alike else ()))
        yield tuple(
            Output(image, _details(place.category, seed=int(seed)), notes)
            for image, seed in zip(images, seeds, strict=True)
        )

    def interpolate(
        self, ends: tuple[Image, Image], options: PictureInterpolateOptions
    ) -> Iterator[Step]:
        """Encode both pictures, and decode what lies between; classes are mixed linearly."""
        self._refuse_larger(options.steps, options.scale)
        first = yield from between(self._placed(ends[0], options.category), 0, READING / 2)
        second = yield from between(self._placed(ends[1], options.category), READING / 2, READING)
        latent = interpolate(first.latent, second.latent, options.steps, options.path)
        shares = np.linspace(0, 1, options.steps)
        labels = np.asarray(first.label + shares[:, None] * (second.label - first.label), "f4")
        images = yield from between(self._made(latent, labels, options.scale), READING, 1)
        notes = tuple(dict.fromkeys((*first.notes, *second.notes)))
        names = first.category, second.category
        yield tuple(
            Output(image, _details(names[round(share)], share=round(share, 4)), notes)
            for image, share in zip(images, shares.tolist(), strict=True)
        )

    def edit(self, inputs: object, options: PictureEditOptions) -> Iterator[Step]:
        """Work out a place of the latent space, and walk from it along a direction."""
        count = options.pictures
        self._refuse_larger(count, options.scale)
        if options.direction is None and options.from_.strip().lower() == "image":
            raise self._nothing_to_do()
        step = np.zeros(self.settings.latent, np.float32)
        if options.direction is not None:
            step = direction(self.player, options.direction)
        given = cast("dict[str, Image]", inputs)
        steps = working_out(self.player, self.categories, options.from_, given, options.category)
        place = yield from between(steps, 0, READING)
        amounts = np.linspace(*options.ends, count)
        latent = moved(place.latent, step, amounts)
        labels = np.repeat(place.label[None], count, axis=0)
        images = yield from between(self._made(latent, labels, options.scale), READING, 1)
        along = options.direction is not None
        yield tuple(
            Output(
                image,
                _details(place.category, **({"amount": round(amount, 4)} if along else {})),
                place.notes,
            )
            for image, amount in zip(images, amounts.tolist(), strict=True)
        )

    def map(self, image: Image | None, options: PictureMapOptions) -> Iterator[Step]:
        """Decode landmarks of the latent space, and set them out as a map."""
        landmarks = landmarks_of(self.player, self.categories.known(options.category))
        landmarks = landmarks.some(options.count)
        place: Place | None = None
        if image is not None:
            place = yield from between(self._placed(image, options.category), 0, READING)
        labels = np.eye(max(len(self.settings.classes), 1), dtype=np.float32)[landmarks.labels]
        pictures: list[Floats] = []
        for part in self.player.decoding(landmarks.latent, labels):
            pictures.extend(part)
            yield Progress(READING + (0.7 - READING) * len(pictures) / len(labels))
        drawing = MapPicture(self.player, landmarks, pictures, options.side, place)
        picture = yield from between(drawing.draw(), 0.7, 1)
        details: dict[str, str | int | float] = {"pictures": len(pictures)}
        if place is not None:
            x, y = landmarks.place_of(place)
            details |= _details(place.category, x=round(x, 4), y=round(y, 4))
        yield (Output(picture, details, place.notes if place else ()),)

    def classify(self, image: Image, options: PictureClassifyOptions) -> Iterator[Step]:
        """Name the likeliest classes of a picture."""
        classes = self.settings.classes
        if not classes:
            raise InvalidRequest(
                f"The asset '{self.player.asset.name}' has no categories to name.",
                "Choose another asset.",
            )
        framed = yield from framing(image, self.settings)
        probabilities = self.player.classify(framed.picture[None])[0]
        best = np.argsort(-probabilities, kind="stable")[: options.top]
        labels = tuple(Label(classes[index], float(probabilities[index])) for index in best)
        yield (Output(Labels(labels), notes=framed.notes),)

    def _placed(self, image: Image, category: str | None) -> Generator[Progress, None, Place]:
        return placing(self.player, self.categories, image, category)

    def _made(
        self, latent: Floats, labels: Floats, scale: int | None
    ) -> Generator[Progress, None, list[Image]]:
        """The images of latent vectors; yields progress after each."""
        images: list[Image] = []
        for part in self.player.decoding(np.asarray(latent, np.float32), labels):
            for values in part:
                images.append(as_image(values, self.settings, scale or self.settings.scale))
                yield Progress(len(images) / len(latent))
        return images

    def _tries(self, asked: int | None) -> int:
        if asked is None:
            return self.settings.tries
        if asked > 1 and self.settings.tries == 1:
            raise InvalidRequest(
                f"The asset '{self.player.asset.name}' cannot tell which of several tries is best.",
                "Leave --tries out.",
            )
        return asked

    def _refuse_larger(self, count: int, scale: int | None) -> None:
        side = self.settings.side * (scale or self.settings.scale)
        refuse_larger(count, side, side)

    def _nothing_to_do(self) -> InvalidRequest:
        known = self.settings.directions
        directions = f"--direction, one of {', '.join(known)}; or " if known else ""
        return InvalidRequest(
            "There is nothing to change: neither a direction nor a sum is given.",
            f"Give {directions}--from, such as --from 'a - b + c'.",
        )


def _details(category: str | None, **known: int | float) -> dict[str, str | int | float]:
    return {**known, **({"category": category} if category else {})}


def _image(value: object) -> Image:
    assert isinstance(value, Image)
    return value
