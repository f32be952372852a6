from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen.interface.errors import CreativeGenError, InvalidAsset, InvalidRequest
from creative_gen.interface.jobs import Output, Request
from creative_gen.interface.latent_options import PictureClassifyOptions, PictureGenerateOptions
from creative_gen.interface.values import Labels
from creative_gen.media.image import Image
from creative_gen.models.classifier.generator import ClassifierGenerator
from creative_gen.models.classifier.player import Player
from creative_gen.store.asset import Asset
from tests.toy_classifier import CLASSES, SIDE, TOY, classifier_network, shapes, write_classifier
from tests.toy_pictures_assets import write_asset


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    return Asset(write_classifier(tmp_path / "assets"))


def named(asset: Asset, image: Image, **options: Any) -> Output:
    request = Request("image.classify", {"image": image}, PictureClassifyOptions(**options))
    *_, outputs = ClassifierGenerator(asset).run(request)
    assert isinstance(outputs, tuple)
    return outputs[0]


def labels_of(output: Output) -> dict[str, float]:
    assert isinstance(output.value, Labels)
    return {label.name: label.probability for label in output.value.labels}


def test_probabilities_are_the_softmax_of_the_logits(asset: Asset) -> None:
    pixels = shapes(3, 5).pictures[1]
    found = labels_of(named(asset, Image(pixels)))
    player = Player(asset)
    picture = np.moveaxis(pixels.astype(np.float32) / 255, 2, 0)[None]
    logits = player.network.run({"picture": picture})["logits"][0].astype(np.float64)
    expected = np.exp(logits) / np.exp(logits).sum()
    assert found == pytest.approx(dict(zip(CLASSES, expected, strict=True)), abs=1e-5)
    assert list(found) == [CLASSES[index] for index in np.argsort(-expected)]
    assert next(iter(found)) == "pillar"


def test_only_the_likeliest_are_named(asset: Asset) -> None:
    image = Image(shapes(3, 5).pictures[0])
    assert len(labels_of(named(asset, image, top=2))) == 2
    assert len(labels_of(named(asset, image, top=1000))) == 3


def test_drawings_are_framed_as_those_that_it_learnt_from(asset: Asset) -> None:
    page = np.full((400, 600, 3), 255, np.uint8)
    page[100:300, 250:270] = 0
    page[100:300, 430:450] = 0
    page[100:120, 250:450] = 0
    page[280:300, 250:450] = 0
    assert next(iter(labels_of(named(asset, Image(page))))) == "frame"
    dark = named(asset, Image(255 - page))
    assert next(iter(labels_of(dark))) == "frame"
    assert dark.notes


def test_an_empty_page_is_refused(asset: Asset) -> None:
    with pytest.raises(InvalidRequest, match="nothing drawn"):
        named(asset, Image(np.full((40, 40, 3), 255, np.uint8)))


def test_other_tasks_are_refused(asset: Asset) -> None:
    request = Request("image.generate", {}, PictureGenerateOptions(seed=1))
    with pytest.raises(CreativeGenError, match="does not do image.generate"):
        list(ClassifierGenerator(asset).run(request))


def broken(tmp_path: Path, content: bytes, **settings: Any) -> Asset:
    fields = {"family": "classifier", "tasks": ["image.classify"]}
    folder = tmp_path / hashlib.sha256(content).hexdigest()[:8]
    written = TOY.model_dump(mode="json") | settings
    return Asset(write_asset(folder, {"classifier.onnx": content}, settings=written, **fields))


def test_assets_that_are_not_classifiers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidAsset, match="settings"):
        Player(broken(tmp_path, b"", side=-1))
    with pytest.raises(InvalidAsset, match="cannot be played"):
        Player(broken(tmp_path, b"not ONNX"))
    others = broken(tmp_path, classifier_network(), classes=("one", "two"))
    with pytest.raises(InvalidAsset, match="other classes"):
        Player(others).labels(np.ones((1, SIDE, SIDE), np.float32))
