"""Assets with latent spaces, made in code: small, quick, and not trained.

A picture is `sigmoid(BIAS + SPREAD * patterns @ (latent, label))`, of smooth patterns that are
orthonormal: so encoders can find the latent vector of a picture exactly, and the classifier its
label. Where there are four channels, colours are multiplied by alpha, as in all such networks.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from creative_gen.latent.settings import LatentSettings
from creative_gen.store.asset import WEIGHTS
from tests.toy_pictures_assets import Graph, write_asset

TOY_DRAWINGS = LatentSettings(
    side=12,
    channels=1,
    latent=4,
    classes=("cat", "face", "alarm clock"),
    framing="ink",
    margin=1,
    line=1.0,
    directions=("smile", "width"),
)
"""As a conditional VAE of drawings has them."""

TOY_TILES = LatentSettings(
    side=12, channels=4, latent=6, refinements=3, enlarge="pixels", directions=("light",)
)
"""As a DCGAN of tiles without classes has them; its encoder refines what it has found."""

TOY_NOISE = LatentSettings(side=8, channels=1, latent=5, refinements=0)
"""As a GAN has them: no classes, no encoder, no directions."""

TOY_LANDMARKS = 24
BIAS = 1.5
SPREAD = 6.0
"""How far a latent vector of length 1 changes the logits in all."""
SURENESS = 4.0
"""Of the classifier, in nats."""
DEVIATION = 0.25
LOWEST = 1e-4
"""Values are kept this far from 0 and 1 before their logits are taken."""

Floats = NDArray[np.float32]


def toy_patterns(settings: LatentSettings, seed: int = 0) -> Floats:
    """Orthonormal columns (channels * side * side, latent + classes), smooth over the picture."""
    random = np.random.default_rng(seed)
    count = settings.latent + len(settings.classes)
    places = (np.arange(settings.side) + 0.5) * np.pi / settings.side
    waves = np.cos(np.outer(np.arange(4), places))
    mixture = random.normal(size=(settings.channels, 4, 4, count))
    fields = np.einsum("cijn,iy,jx->cyxn", mixture, waves, waves)
    columns, _ = np.linalg.qr(fields.reshape(-1, count))
    return columns.astype(np.float32)


def decoder_network(settings: LatentSettings, seed: int = 0) -> bytes:
    """`decoder.onnx`: "latent" and, with classes, "label" to "picture"."""
    graph, shape = Graph(), (settings.channels, settings.side, settings.side)
    inputs = {"latent": ["n", settings.latent]} | _label(settings)
    code = graph.add("Concat", list(inputs), axis=1)
    weights = _constant(graph, SPREAD * toy_patterns(settings, seed).T)
    logits = graph.add("Add", [graph.add("MatMul", [code, weights]), _number(graph, BIAS)])
    values = graph.add("Sigmoid", [_reshaped(graph, logits, *shape)], _unless_alpha(settings))
    if settings.channels == 4:
        rgb, alpha = _sliced(graph, values, 0, 3), _sliced(graph, values, 3, 4)
        graph.add("Concat", [graph.add("Mul", [rgb, alpha]), alpha], "picture", axis=1)
    return graph.model(inputs, {"picture": ["n", *shape]})


def encoder_network(settings: LatentSettings, seed: int = 0) -> bytes:
    """`encoder.onnx`, of a VAE or, with more than one refinement, as that of a DCGAN."""
    graph, latent = Graph(), ["n", settings.latent]
    refines = settings.refinements > 1
    inputs = _picture(settings) | _label(settings)
    seen = _logits(graph, settings, "picture")
    if refines:
        inputs |= {"made": inputs["picture"], "latent": latent}
        made = _logits(graph, settings, "made")
        seen = graph.add("Mul", [graph.add("Sub", [seen, made]), _number(graph, 0.5)])
    else:
        seen = graph.add("Sub", [seen, _number(graph, BIAS)])
    weights = toy_patterns(settings, seed)[:, : settings.latent] / SPREAD
    mean = graph.add("MatMul", [seen, _constant(graph, weights)])
    if refines:
        mean = graph.add("Add", [mean, "latent"])
    if settings.classes:
        mean = _beside(graph, mean, "label")
    graph.add("Identity", [mean], "mean")
    if refines:
        return graph.model(inputs, {"mean": latent})
    nothing = graph.add("Mul", [mean, _number(graph, 0.0)])
    graph.add("Add", [nothing, _number(graph, DEVIATION)], "deviation")
    return graph.model(inputs, {"mean": latent, "deviation": latent})


def classifier_network(settings: LatentSettings, seed: int = 0) -> bytes:
    """`classifier.onnx`: "picture" to "logits"."""
    graph = Graph()
    seen = graph.add("Sub", [_logits(graph, settings, "picture"), _number(graph, BIAS)])
    weights = toy_patterns(settings, seed)[:, settings.latent :] * (SURENESS / SPREAD)
    graph.add("MatMul", [seen, _constant(graph, weights)], "logits")
    return graph.model(_picture(settings), {"logits": ["n", len(settings.classes)]})


def latent_weights(
    settings: LatentSettings, landmarks: int = TOY_LANDMARKS, seed: int = 0
) -> dict[str, NDArray[Any]]:
    """The arrays of `weights.safetensors`: directions, and as many landmarks."""
    random = np.random.default_rng(seed + 1)
    weights: dict[str, NDArray[Any]] = {
        f"direction.{name}": random.normal(0, 0.5, settings.latent).astype(np.float32)
        for name in settings.directions
    }
    if landmarks:
        latent = random.normal(size=(landmarks, settings.latent)).astype(np.float32)
        weights["landmarks.latent"] = latent
        weights["landmarks.label"] = (np.arange(landmarks) % max(len(settings.classes), 1)).astype(
            np.int16
        )
        weights["landmarks.place"] = (1 / (1 + np.exp(-latent[:, :2]))).astype(np.float32)
    return weights


def write_latent(
    root: Path,
    name: str = "toy-latent",
    family: str = "vae",
    settings: LatentSettings = TOY_DRAWINGS,
    landmarks: int = TOY_LANDMARKS,
    seed: int = 0,
    **card: Any,
) -> Path:
    """Write an asset into a folder of assets, and return its own folder.

    Args:
        settings: LatentSettings. They say whether there are classes, an encoder and directions.
        landmarks: int. How many; 0 for none.
        card: fields of the card that are to be others, such as `tasks`: by default all that the
            asset can do.
    """
    files = {"decoder.onnx": decoder_network(settings, seed)}
    if settings.refinements:
        files["encoder.onnx"] = encoder_network(settings, seed)
    if settings.classes:
        files["classifier.onnx"] = classifier_network(settings, seed)
    weights = latent_weights(settings, landmarks, seed)
    if weights:
        files[WEIGHTS] = save(weights)
    fields = {
        "family": family,
        "tasks": toy_tasks(settings, landmarks),
        "settings": settings.model_dump(mode="json"),
        "categories": [{"name": category} for category in settings.classes],
    }
    return write_asset(root / name, files, **fields | card)


def toy_tasks(settings: LatentSettings, landmarks: int = TOY_LANDMARKS) -> list[str]:
    """All that an asset of such settings can do."""
    able = {
        "generate": True,
        "reconstruct": settings.refinements > 0,
        "interpolate": settings.refinements > 0,
        "edit": True,
        "map": landmarks > 0,
        "classify": bool(settings.classes),
    }
    return [f"image.{verb}" for verb, can in able.items() if can]


def with_file(folder: Path, name: str, content: bytes | None) -> Path:
    """The asset with another file of that name, or, of None, without it; its card fits."""
    from creative_gen.store.card import CARD, card_toml, read_card

    card = read_card(folder / CARD)
    listed = {one: hashed for one, hashed in card.files.items() if one != name}
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
        listed[name] = hashlib.sha256(content).hexdigest()
    card = card.model_copy(update={"files": listed})
    (folder / CARD).write_text(card_toml(card), "utf-8")
    return folder


def _logits(graph: Graph, settings: LatentSettings, picture: str) -> str:
    """The logits (N, channels * side * side) of a picture's values, its colours not multiplied."""
    if settings.channels == 4:
        rgb, alpha = _sliced(graph, picture, 0, 3), _sliced(graph, picture, 3, 4)
        floor = graph.add("Max", [alpha, _number(graph, LOWEST)])
        picture = graph.add("Concat", [graph.add("Div", [rgb, floor]), alpha], axis=1)
    bounds = [_number(graph, LOWEST), _number(graph, 1 - LOWEST)]
    values = graph.add("Clip", [picture, *bounds])
    rest = graph.add("Sub", [_number(graph, 1.0), values])
    logits = graph.add("Sub", [graph.add("Log", [values]), graph.add("Log", [rest])])
    return _reshaped(graph, logits, settings.channels * settings.side**2)


def _picture(settings: LatentSettings) -> dict[str, list[Any]]:
    return {"picture": ["n", settings.channels, settings.side, settings.side]}


def _label(settings: LatentSettings) -> dict[str, list[Any]]:
    return {"label": ["n", len(settings.classes)]} if settings.classes else {}


def _constant(graph: Graph, values: NDArray[Any]) -> str:
    return graph.constant(f"constant{len(graph.constants)}", values)


def _number(graph: Graph, value: float) -> str:
    return _constant(graph, np.array(value, np.float32))


def _numbers(graph: Graph, *values: int) -> str:
    return _constant(graph, np.array(values, np.int64))


def _reshaped(graph: Graph, values: str, *shape: int) -> str:
    return graph.add("Reshape", [values, _numbers(graph, -1, *shape)])


def _sliced(graph: Graph, values: str, start: int, stop: int) -> str:
    """Some of the channels."""
    return graph.add("Slice", [values, *(_numbers(graph, place) for place in (start, stop, 1))])


def _beside(graph: Graph, values: str, unused: str) -> str:
    """The values, and nothing of another input, which so is one."""
    nothing = graph.add("Mul", [unused, _number(graph, 0.0)])
    return graph.add("Add", [values, graph.add("ReduceSum", [nothing, _numbers(graph, 1)])])


def _unless_alpha(settings: LatentSettings) -> str:
    return "" if settings.channels == 4 else "picture"
