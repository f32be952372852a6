"""Voices: alone or in company, in one go or many, they play the same bits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from creative_gen.interface.errors import InvalidAsset
from creative_gen.models.wavenet.conditioning import Tone, features
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.partials import tone_turns
from creative_gen.models.wavenet.player import Player, Voice
from creative_gen.store.asset import Asset
from tests.toy_sounds import TOY_DRUMS, TOY_NOTES, toy_sound_weights, write_toy_sounds

TONES = [
    Tone(0, 60.0, 100, 1600),
    Tone(1, 40.0, 50, 800, ((400, 1.0), (900, -0.5))),
    Tone(2, 72.5, 127),
    Tone(-1, 60.0, 1),
]
HITS = [Tone(0, None, 100), Tone(1, None, 30), Tone(1, None, 127), Tone(0, None, 64)]


@pytest.fixture(params=["notes", "filtered", "drums"])
def player(request: pytest.FixtureRequest) -> Player:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def tones_of(player: Player) -> list[Tone]:
    return TONES if player.config.partials else HITS


def played(
    player: Player, tones: list[Tone], frames: list[int], temperature: float = 1.0
) -> np.ndarray:
    seeds = [31 + tones_of(player).index(tone) for tone in tones]
    voices = player.start(tones, seeds)
    parts = [player.advance(voices, count, temperature) for count in frames]
    return np.concatenate(parts, axis=1)


def test_chunks_change_nothing(player: Player) -> None:
    tones = tones_of(player)
    whole = played(player, tones, [40])
    assert whole.shape == (4, 3200) and whole.dtype == np.float32
    assert np.array_equal(played(player, tones, [1, 2, 30, 7]), whole)
    assert len({row.tobytes() for row in whole}) == 4


def test_company_changes_nothing(player: Player) -> None:
    tones = tones_of(player)
    together = played(player, tones, [20])
    for row, tone in enumerate(tones):
        assert np.array_equal(played(player, [tone], [20])[0], together[row])
    turned = played(player, tones[::-1], [20])
    assert np.array_equal(turned[::-1], together)


def test_threads_change_nothing(player: Player) -> None:
    many = tones_of(player) * 5
    threads, results = player.sampler.threads, []
    for player.sampler.threads in (1, 2):
        results.append(played(player, many, [10]))
    player.sampler.threads = threads
    assert np.array_equal(*results)


def test_backends_agree(toy_player: Callable[..., Player]) -> None:
    pytest.importorskip("numba")
    sounds = [played(toy_player(backend=b), TONES, [5], 0.0) for b in ("numba", "numpy")]
    np.testing.assert_allclose(*sounds, atol=1e-4)


def test_a_voice_is_sinusoids_and_the_residual_times_the_gain(notes: Player) -> None:
    (voice,) = notes.start(TONES[:1], [5])
    state, turns = voice.state.copy(), voice.turns
    sound = notes.advance([voice], 12, 0.7)
    tone = TONES[0]
    # The phases in closed form: Schroeder's at the start, then multiples of C4.
    k = np.arange(1, 5)
    np.testing.assert_allclose(turns, -k * (k - 1) / 8 % 1)
    angles = 2 * np.pi * (turns + np.outer(np.arange(960) * 261.6255653 / 16_000, k))
    phases = np.concatenate([np.cos(angles[:, :2]), np.sin(angles[:, :2])], axis=1)
    residual = notes.sampler.generate(
        state, 960, notes.biases(tone, 0, 12)[None], phases[None].astype("f"), 0.7
    )
    told = features(notes.config, tone, 0, 13)
    borders = np.arange(13) * 80
    gains = np.interp(np.arange(960), borders, notes.envelopes.gain(told)[:, 0])
    assert notes.envelopes.partials is not None
    loudness = notes.envelopes.partials(told)
    sinusoids = sum(
        np.interp(np.arange(960), borders, loudness[:, i]) * np.cos(angles[:, i]) for i in range(4)
    )
    np.testing.assert_allclose(sound[0], sinusoids + gains * residual[0], atol=2e-5)


def test_biases_are_those_of_two_layers_of_tanh(player: Player) -> None:
    tone, config = tones_of(player)[1], player.config
    w = {k: v.astype(np.float64) for k, v in toy_sound_weights(config).items()}
    told = features(config, tone, 3, 9).astype(np.float64)
    for name in ("told", "condition"):
        told = np.tanh(told @ w[f"{name}/kernel"] + w[f"{name}/bias"])
    expected = np.einsum("fc,lcz->flz", told, w["layers/condition"]) + w["layers/bias"]
    np.testing.assert_allclose(player.biases(tone, 3, 9), expected, atol=1e-5)


def test_what_is_read_is_gone_on_from(player: Player) -> None:
    """A voice that reads what another has played goes on as that one does."""
    tones = tones_of(player)[:2]
    first, second = player.start(tones, [1, 2]), player.start(tones, [1, 2])
    sound = player.advance(first, 10, 1.0)
    likelihoods = player.read(second, sound)
    assert likelihoods.shape == sound.shape and np.isfinite(likelihoods).all()
    ahead = [player.advance(voices, 5, 0.0) for voices in (first, second)]
    # The sound is rounded to float32 before it is heard, so levels may be off by one.
    np.testing.assert_allclose(*ahead, atol=2e-3)
    assert [voice.frames for voice in second] == [15, 15]


def test_reading_in_parts_changes_nothing(player: Player) -> None:
    tones = tones_of(player)[:2]
    sound = np.random.default_rng(0).normal(0, 0.05, (2, 1600)).astype("f")
    whole = player.read(player.start(tones, [0, 0]), sound)
    voices = player.start(tones, [0, 0])
    parts = [player.read(voices, part) for part in np.split(sound, [80, 640], axis=1)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


def test_likelihoods_are_of_16_bit_samples(player: Player) -> None:
    """Over all values of one sample they add up to one, far beyond what the gain covers too."""
    tone, config = tones_of(player)[0], player.config
    (voice,) = player.start([tone], [0])
    turns = np.zeros((80, config.partials))
    if config.partials:
        turns = tone_turns(config, tone, 0, 80, voice.turns)
    middle = player.envelopes.sinusoids(tone, 0, 1, turns)[40]
    # Denser around the sinusoids, where the gain is.
    values = middle + np.sinh(np.linspace(-9, 9, 401)) / np.sinh(9)
    sound = np.zeros((len(values), 80), np.float32)
    sound[:, 40] = values
    voices = [Voice(tone, voice.state.copy(), voice.turns, voice.memory.copy()) for _ in values]
    likelihoods = player.read(voices, sound)[:, 40]
    total = np.trapezoid(np.exp(likelihoods), values * 32_768)
    # A step that has several levels is given one of them, to be on the safe side.
    lowest = 0.85 if config.head == "mu_law" else 0.97
    assert lowest < total < 1.03


def test_a_likely_sample_is_one_of_the_mixture(notes: Player) -> None:
    """The first sample of a tone by hand: no past, one logistic mixture."""
    tone = TONES[0]
    (voice,) = notes.start([tone], [0])
    state = voice.state.copy()
    sound = np.zeros((1, 80), np.float32)
    found = notes.read([voice], sound)[0, 0]
    turns = 2 * np.pi * voice.turns[:2]
    phases = np.tile(np.concatenate([np.cos(turns), np.sin(turns)]), (80, 1))
    outputs = notes.sampler.logits(state, sound, notes.biases(tone, 0, 1)[None], phases[None])
    logits, means, scales = np.split(outputs[0, 0].astype(np.float64), 3)
    told = features(notes.config, tone, 0, 1)
    assert notes.envelopes.partials is not None
    gain = float(notes.envelopes.gain(told)[0, 0])
    sinusoid = notes.envelopes.partials(told)[0] @ np.cos(2 * np.pi * voice.turns)
    edges = [(side * 0.5 / 32_768 - sinusoid) / gain for side in (1, -1)]
    upper, lower = (expit((edge - means) / np.exp(scales)) for edge in edges)
    shares = np.exp(logits) / np.exp(logits).sum()
    assert found == pytest.approx(np.log(shares @ (upper - lower)), rel=1e-3)


def written(root: Path, **changes: Any) -> Asset:
    weights = toy_sound_weights(TOY_NOTES) | changes
    kept = {name: array for name, array in weights.items() if array is not None}
    return Asset(write_toy_sounds(root, "broken", weights=kept))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"told/kernel": None}, "'told/kernel' of the shape"),
        ({"gain/values/bias": np.zeros(2, "f")}, "'gain/values/bias'"),
        ({"input/kernel": np.zeros((4, 6), "f")}, "'input/kernel'"),
        (
            {"output/bias": np.zeros(9, "f"), "output/kernel": np.zeros((7, 9), "f")},
            "'output/bias'",
        ),
        ({"head/kernel": None}, "do not fit: .*'head/kernel'"),
        ({"layers/skip": np.full((4, 6, 8), np.nan, "f")}, "do not fit: .*not finite"),
    ],
)
def test_weights_that_make_no_network_are_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidAsset, match=message) as raised:
        Player(written(tmp_path, **changes))
    assert "again" in raised.value.hint


def test_settings_that_make_no_network_are_refused(tmp_path: Path) -> None:
    folder = write_toy_sounds(tmp_path, settings={"layers": 0})
    with pytest.raises(InvalidAsset, match="not those of a WaveNet"):
        Player(Asset(folder))


def test_bfloat16_sounds_nearly_the_same(toy_player: Callable[..., Player]) -> None:
    exact, rounded = (toy_player(TOY_DRUMS, precision=p) for p in ("float32", "bfloat16"))
    sound = np.random.default_rng(0).normal(0, 0.05, (1, 1600)).astype("f")
    read = [p.read(p.start(HITS[:1], [0]), sound) for p in (exact, rounded)]
    assert not np.array_equal(*read)
    np.testing.assert_allclose(*read, atol=0.1)


def test_sounds_are_what_they_were(notes: Player) -> None:
    """Two players of the same file play the same bytes."""
    first = played(notes, TONES, [10])
    again = played(notes, TONES, [10])
    digests = {hashlib.sha256(sound.tobytes()).hexdigest() for sound in (first, again)}
    assert len(digests) == 1


def test_a_player_of_any_frame_and_rate(toy_player: Callable[..., Player]) -> None:
    config = WaveNetConfig.model_validate(
        TOY_NOTES.model_dump() | {"frame": 33, "sample_rate": 22_050}
    )
    player = toy_player(config)
    sound = played(player, TONES, [9])
    assert sound.shape == (4, 297) and np.isfinite(sound).all()
