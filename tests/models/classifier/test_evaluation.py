from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, precision_recall_fscore_support

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Progress
from creative_gen.measures.picture_features import PictureFeatures
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_set import PictureSet, picture_set_bytes
from creative_gen.models.classifier.evaluation import confusion_matrix, evaluate
from creative_gen.store.asset import Asset
from tests.toy_classifier import CLASSES, shapes, write_classifier


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    return Asset(write_classifier(tmp_path / "assets"))


def written(folder: Path, pictures: PictureSet) -> Path:
    folder.mkdir()
    (folder / "valid.npz").write_bytes(picture_set_bytes(pictures))
    return folder


def test_figures_are_those_of_scikit_learn(asset: Asset, tmp_path: Path) -> None:
    pictures = shapes(1200, 3)
    *steps, figures = evaluate(asset, written(tmp_path / "data", pictures))
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(figures, dict)
    seen = PictureFeatures(asset).look(pictures.pictures)
    labels = pictures.labels
    assert figures["mean"]["accuracy"] == round(accuracy_score(labels, seen.classes), 4)
    chances = np.exp(seen.logits) / np.exp(seen.logits).sum(axis=1, keepdims=True)
    assert figures["mean"]["nats"] == pytest.approx(log_loss(labels, chances), abs=1e-4)
    precision, recall, _, counts = precision_recall_fscore_support(labels, seen.classes)
    for index, name in enumerate(CLASSES):
        row = figures["categories"][name]
        assert row["pictures"] == counts[index]
        assert row["precision"] == pytest.approx(precision[index], abs=1e-4)
        assert row["recall"] == pytest.approx(recall[index], abs=1e-4)
    assert figures["mean"]["balanced"] == pytest.approx(recall.mean(), abs=1e-4)
    assert figures["offered"] == dict(zip(CLASSES, (recall >= 0.5).tolist(), strict=True))
    wrong = sum(figures["confused"].values())
    assert wrong == pytest.approx(1 - figures["mean"]["accuracy"], abs=1e-3)


def test_a_confusion_has_the_truth_in_rows() -> None:
    found = confusion_matrix(np.array([0, 0, 1, 2], np.int16), np.array([0, 2, 1, 1]), 3)
    assert found.tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]


def test_other_pictures_are_refused(asset: Asset, tmp_path: Path) -> None:
    good = shapes(9, 0)
    renamed = PictureSet(good.pictures, good.labels, ("x", "y", "z"))
    for name, pictures in (("large", shapes(9, 0, side=16)), ("named", renamed)):
        with pytest.raises(InvalidMedia, match="another size or other classes"):
            list(evaluate(asset, written(tmp_path / name, pictures)))
    with pytest.raises(MediaError):
        list(evaluate(asset, tmp_path))
