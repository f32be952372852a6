"""A trained WaveNet without Keras: plays tones, goes on from sounds, and measures them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from creative_gen.interface.errors import InvalidAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.kernels import activation
from creative_gen.kernels.allpole import colour
from creative_gen.kernels.row_matmul import row_matmul
from creative_gen.kernels.wavenet_sampler import Backend, Precision, WaveNetSampler
from creative_gen.kernels.wavenet_state import WaveNetState
from creative_gen.models.wavenet.conditioning import Tone, feature_count, features
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.envelopes import Envelopes, envelope_shapes
from creative_gen.models.wavenet.partials import phase_inputs, start_turns, tone_turns
from creative_gen.models.wavenet.sample_likelihood import grid_nats, share_of_level

HALF_STEP = 0.5 / 32768
"""Of the 16-bit samples of a sound."""

Float = NDArray[np.float32]


@dataclass
class Voice:
    """A tone that is being played.

    Args:
        tone: Tone. What it plays.
        state: WaveNetState. Of one stream.
        frames: int. Conditioning frames that have been played.
        level: float. How much louder it is than the tone.
        turns: (partials,). The phases of the partials at the first sample, in turns.
        memory: (filter_order,). The last samples of a filtered sound, the latest first.
    """

    tone: Tone
    state: WaveNetState
    turns: NDArray[np.float64]
    memory: NDArray[np.float64]
    frames: int = 0
    level: float = 1.0


class Told(NamedTuple):
    """Of some frames: the layers' biases, the phases, the residual's gain, and the partials."""

    biases: Float
    phases: Float
    gains: Float
    sum: Float


class Player:
    """Plays the weights of an asset.

    Args:
        asset: AssetFiles. Its settings are those of `WaveNetConfig`.
        backend: "auto", "numba" or "numpy".
        precision: "float32" or "bfloat16" weights.

    Raises:
        InvalidAsset: the settings or the weights do not make a network.
    """

    def __init__(
        self, asset: AssetFiles, backend: Backend = "auto", precision: Precision = "float32"
    ) -> None:
        hint = f"Fetch or build the asset '{asset.name}' again."
        try:
            self.config = WaveNetConfig.model_validate(dict(asset.settings))
        except ValidationError as error:
            message = f"The settings of the asset '{asset.name}' are not those of a WaveNet."
            raise InvalidAsset(message, hint) from error
        weights = asset.arrays()
        self._weights = {name: weights[name] for name in self._shapes() if name in weights}
        for name, shape in self._shapes().items():
            if name not in weights or weights[name].shape != shape:
                raise InvalidAsset(
                    f"The asset '{asset.name}' has no weight '{name}' of the shape {shape}.", hint
                )
        self.envelopes = Envelopes(self.config, self._weights)
        conditions = self._weights["layers/condition"].transpose(1, 0, 2)
        # (C, L * 2R): one product gives the biases of all layers.
        self._layers_side_by_side = conditions.reshape(self.config.condition_units, -1).copy()
        try:
            self.sampler = WaveNetSampler(
                weights,
                self.config.dilations,
                self.config.head,
                self.config.pre_emphasis,
                backend=backend,
                precision=precision,
                frame_samples=self.config.frame,
            )
        except ValueError as error:
            message = f"The weights of the asset '{asset.name}' do not fit: {error}."
            raise InvalidAsset(message, hint) from error

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        """The weights that the kernels know nothing of, and those that the settings size."""
        config = self.config
        told, units, layers = feature_count(config), config.condition_units, len(config.dilations)
        return {
            "input/kernel": (2 + 2 * config.phases, config.residual_channels),
            "output/bias": (config.outputs,),
            "told/kernel": (told, units),
            "told/bias": (units,),
            "condition/kernel": (units, units),
            "condition/bias": (units,),
            "layers/condition": (layers, units, 2 * config.residual_channels),
            "layers/bias": (layers, 2 * config.residual_channels),
            **envelope_shapes("gain", told, 1),
            **(envelope_shapes("partials", told, config.partials) if config.partials else {}),
            **(envelope_shapes("filter", told, order) if (order := config.filter_order) else {}),
        }

    def start(self, tones: Sequence[Tone], seeds: Sequence[int]) -> list[Voice]:
        """Voices that have played nothing yet."""
        state = self.sampler.start(np.array(seeds, np.uint64))
        turns = start_turns(self.config)
        return [
            Voice(tone, state.rows([row]), turns, np.zeros(self.config.filter_order))
            for row, tone in enumerate(tones)
        ]

    def advance(self, voices: Sequence[Voice], frames: int, temperature: float) -> Float:
        """Play the next frames of each voice: (voices, frames * frame) samples."""
        state = WaveNetState.joined([voice.state for voice in voices])
        told = [self._told(voice, frames) for voice in voices]
        residual = self.sampler.generate(
            state,
            frames * self.config.frame,
            np.stack([one.biases for one in told]),
            np.stack([one.phases for one in told]),
            temperature,
        )
        gains, sinusoids = (np.stack([getattr(one, n) for one in told]) for n in ("gains", "sum"))
        errors = np.asarray(gains * residual, np.float32)
        rest = np.stack([self._coloured(*one) for one in zip(voices, errors, strict=True)])
        self._went_on(voices, state, frames)
        louder = np.array([[voice.level] for voice in voices], np.float32)
        return np.asarray(louder * (sinusoids + rest), np.float32)

    def _coloured(self, voice: Voice, errors: Float) -> Float:
        """The sound of a voice's next errors of the linear prediction, where there is one."""
        frame = self.config.frame
        if not self.config.filter_order:
            return errors
        predictor = self.envelopes.predictor(voice.tone, voice.frames, len(errors) // frame)
        return colour(errors, predictor, frame, voice.memory)

    def _whitened(self, voice: Voice, rest: Float) -> Float:
        """The inverse of `_coloured`."""
        if not self.config.filter_order:
            return rest
        whole = np.concatenate([voice.memory[::-1], rest]).astype(np.float32)
        voice.memory = whole[: -len(voice.memory) - 1 : -1].astype(np.float64)
        return self.envelopes.whitened(voice.tone, voice.frames, whole)

    def read(self, voices: Sequence[Voice], samples: Float) -> NDArray[np.float64]:
        """Hear samples (voices, whole frames) as what the voices have played.

        Returns:
            The log-likelihood of each 16-bit sample, in nats, whatever the head.
        """
        frames = samples.shape[1] // self.config.frame
        state = WaveNetState.joined([voice.state for voice in voices])
        told = [self._told(voice, frames) for voice in voices]
        gains, sinusoids = (np.stack([getattr(one, n) for one in told]) for n in ("gains", "sum"))
        biases, phases = (np.stack([getattr(one, n) for one in told]) for n in ("biases", "phases"))
        louder = np.array([[voice.level] for voice in voices], np.float32)
        rest = np.asarray(samples / louder - sinusoids, np.float32)
        errors = np.stack([self._whitened(*one) for one in zip(voices, rest, strict=True)])
        residual = np.asarray(errors / gains, np.float32)
        # A 16-bit step of the sound is a larger step of the residual, which is at full scale.
        half_step = HALF_STEP / (gains * louder)
        if self.config.head == "mu_law":
            before = np.concatenate([state.last[:, None], residual[:, :-1]], axis=1)
            emphasised = residual - self.config.pre_emphasis * before
            levels = self.sampler.read(state, residual, biases, phases)
            likelihoods = levels + np.log(share_of_level(emphasised, half_step))
        else:
            outputs = self.sampler.logits(state, residual, biases, phases)
            likelihoods = -grid_nats(outputs, residual, half_step)
        self._went_on(voices, state, frames)
        return np.asarray(likelihoods, np.float64)

    def _went_on(self, voices: Sequence[Voice], state: WaveNetState, frames: int) -> None:
        for row, voice in enumerate(voices):
            voice.state = state.rows([row])
            voice.frames += frames

    def _told(self, voice: Voice, frames: int) -> Told:
        """What the network is told of a voice's next frames, and what its residual becomes."""
        config, tone, first = self.config, voice.tone, voice.frames
        start, count = first * config.frame, frames * config.frame
        phases = np.zeros((count, 2 * config.phases), np.float32)
        turns = np.zeros((count, config.partials))
        if tone.pitch is not None and config.partials:
            turns = tone_turns(config, tone, start, count, voice.turns)
            phases = phase_inputs(config, turns)
        return Told(
            biases=self.biases(tone, first, frames),
            phases=phases,
            gains=self.envelopes.gains(tone, first, frames),
            sum=self.envelopes.sinusoids(tone, first, frames, turns),
        )

    def biases(self, tone: Tone, first: int, frames: int) -> Float:
        """The biases (frames, L, 2R) of all layers that tell the network of a tone."""
        weights = self._weights
        told = features(self.config, tone, first, frames)
        for name in ("told", "condition"):
            told = row_matmul(told, weights[f"{name}/kernel"]) + weights[f"{name}/bias"]
            told = activation.tanh(told)
        bias = weights["layers/bias"]
        biases = row_matmul(told, self._layers_side_by_side).reshape(frames, *bias.shape)
        return np.asarray(biases + bias, np.float32)
