"""The WaveNet that plays: weights in, sound out, with no Keras.

A. van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016, sampled with queues (T.
Le Paine et al., "Fast WaveNet Generation Algorithm", 2016). Conditions are folded into the biases
of the layers, frame by frame, before a passage is played.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.packing import to_bfloat16
from creative_gen.kernels.wavenet_codes import Codes
from creative_gen.kernels.wavenet_numpy import NumpyStepper
from creative_gen.kernels.wavenet_passage import Passage, Stepper
from creative_gen.kernels.wavenet_state import WaveNetState, as_seeds
from creative_gen.kernels.wavenet_weights import Head, checked_weights, widened

Backend = Literal["auto", "numba", "numpy"]
Precision = Literal["float32", "bfloat16"]
Float = NDArray[np.float32]

GROUP = 16
"""Streams that share a reading of the weights."""
MATRICES = ("kernel", "residual", "skip")


class WaveNetSampler:
    """Generates and reads sound, sample by sample.

    Letters: N streams, T steps, F frames, L layers, R residual channels, I inputs. The network
    works in the model domain u_t = y_t - a y_(t-1) of a sound y. A stream with the same seed has
    the same bits alone or beside others, in any chunks and on any number of threads.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[np.floating]],
        dilations: tuple[int, ...],
        head: Head,
        pre_emphasis: float,
        backend: Backend = "auto",
        precision: Precision = "float32",
        frame_samples: int = 80,
        threads: int | None = None,
    ) -> None:
        """Check the weights.

        Args:
            weights: float arrays named "input/kernel" (I, R), "input/bias" (R); "layers/kernel"
                (L, 2R, 2R), rows past and present, columns filter and gate; "layers/residual" (L,
                R, R), "layers/residual_bias" (L, R), "layers/skip" (L, R, S), "skip/bias" (S),
                "head/kernel" (S, H), "head/bias" (H), "output/kernel" (H, O) and "output/bias"
                (O). The inputs are the two last samples, companded, the latest first, and the
                phases. Other names are left alone.
            dilations: steps between past and present, one a layer.
            head: "mu_law", O = 256 logits, or "logistics", O = 3M values, see `logistics`.
            pre_emphasis: a, at least 0 and below 1.
            backend: "numba" compiled, "numpy" plain, "auto" compiled where Numba is installed.
            precision: of the matrices: as given, or rounded to bfloat16.
            frame_samples: steps of a frame.
            threads: most threads to use; all cores by default.

        Raises:
            ValueError: with one sentence that says what does not fit.
        """
        if not 0.0 <= pre_emphasis < 1.0:
            raise ValueError(f"the pre-emphasis must be at least 0 and below 1, not {pre_emphasis}")
        if frame_samples < 1 or (threads is not None and threads < 1):
            raise ValueError("a frame has at least 1 sample, and there is at least 1 thread")
        checked = checked_weights(weights, dilations, head)
        self.dilations, self.head, self.pre_emphasis = dilations, head, pre_emphasis
        self.frame_samples, self.threads = frame_samples, threads or available_cores()
        self.channels, self.outputs = len(checked["input/bias"]), len(checked["output/bias"])
        self.phases = len(checked["input/kernel"]) - 2
        self.codes = Codes.of(head, self.outputs)
        self._weights = widened(checked)
        self._backend, self._precision = backend, precision

    @cached_property
    def stepper(self) -> Stepper:
        """What advances streams; made when it is first needed, because loading Numba takes time."""
        common = self._weights, self.dilations, self.codes, self.pre_emphasis, self.frame_samples
        if self._backend != "numpy":
            try:
                from creative_gen.kernels.wavenet_numba import NumbaStepper

                return NumbaStepper(*common, self._precision)
            except ImportError:
                if self._backend == "numba":
                    raise
        if self._precision == "bfloat16":
            rounded = {
                name: to_bfloat16(array) if name.split("/")[1] in MATRICES else array
                for name, array in self._weights.items()
            }
            return NumpyStepper(rounded, *common[1:])
        return NumpyStepper(*common)

    def start(self, seeds: NDArray[np.integer]) -> WaveNetState:
        """Begin N streams in silence: seeds (N,) integers."""
        seeds = as_seeds(seeds)
        count, units = len(seeds), len(self._weights["input/bias"])
        return WaveNetState(
            queue=np.zeros((count, sum(self.dilations), units), np.float32),
            past=np.full((count, 2), self.codes.silence, np.int32),
            last=np.zeros(count, np.float32),
            seeds=seeds,
            steps=np.zeros(count, np.int64),
        )

    def generate(
        self,
        state: WaveNetState,
        count: int,
        biases: NDArray[np.floating],
        phases: NDArray[np.floating] | None = None,
        temperature: float = 1.0,
    ) -> Float:
        """Generate the next samples of each stream.

        Args:
            state: of N streams; changed in place.
            count: how many samples, T.
            biases: (N, F, L, 2R), the layers' biases in each frame. The first is that of the next
                sample: a frame ends where the steps of a stream are a multiple of `frame_samples`.
            phases: (N, T, I - 2), further inputs of each step, if the network has any.
            temperature: at least 0 (the likeliest sample each time); 1 is the model's own.

        Returns:
            The sound (N, T) float32; past -1 or 1 only if the model goes there.

        Raises:
            ValueError: with one sentence that says what does not fit.
        """
        if not 0.0 <= temperature < np.inf:
            raise ValueError(f"the temperature must be at least 0, not {temperature}")
        codes = np.full((len(state), count), self.codes.silence, np.int32)
        passage = self._passage(state, codes, biases, phases, False, temperature=temperature)
        self._advance(passage, passage.audio)
        return passage.audio

    def read(
        self,
        state: WaveNetState,
        samples: NDArray[np.floating],
        biases: NDArray[np.floating],
        phases: NDArray[np.floating] | None = None,
    ) -> NDArray[np.float64]:
        """Follow a given sound (N, T): what is generated next goes on from it.

        Returns:
            (N, T) the log-likelihood of each sample in nats: of its mu-law level, or its 16 bits,
            in the model domain.

        Raises:
            ValueError: with one sentence that says what does not fit.
        """
        return self._read(state, samples, biases, phases, 0).likelihoods

    def logits(
        self,
        state: WaveNetState,
        samples: NDArray[np.floating],
        biases: NDArray[np.floating],
        phases: NDArray[np.floating] | None = None,
    ) -> Float:
        """Do what `read` does, but return the raw outputs (N, T, O) that predict each sample."""
        length = np.shape(samples)[-1]
        return self._read(state, samples, biases, phases, length).outputs

    def _read(
        self,
        state: WaveNetState,
        samples: NDArray[np.floating],
        biases: NDArray[np.floating],
        phases: NDArray[np.floating] | None,
        kept: int,
    ) -> Passage:
        sound = np.asarray(samples, np.float32)
        if sound.ndim != 2 or len(sound) != len(state):
            raise ValueError(f"the samples are {sound.shape}, not ({len(state)}, T)")
        if not np.isfinite(sound).all():
            raise ValueError("the samples have values that are not finite")
        before = np.concatenate([state.last[:, None], sound], axis=1)
        emphasised = sound - np.float64(self.pre_emphasis) * before[:, :-1]
        codes = self.codes.nearest(emphasised)
        passage = self._passage(state, codes, biases, phases, True, kept=kept)
        self._advance(passage, sound)
        return passage

    def _passage(
        self,
        state: WaveNetState,
        codes: NDArray[np.int32],
        biases: NDArray[np.floating],
        phases: NDArray[np.floating] | None,
        given: bool,
        temperature: float = 1.0,
        kept: int = 0,
    ) -> Passage:
        count, length = codes.shape
        begun = state.steps % self.frame_samples
        frames = int(-(-(begun.max(initial=0) + length) // self.frame_samples))
        width = 2 * self.channels
        return Passage(
            state=state,
            codes=np.concatenate([state.past, codes], axis=1),
            given=given,
            biases=self._wide(
                _fitting("biases", biases, (count, frames, len(self.dilations), width))
            ),
            phases=_fitting("phases", phases, (count, length, self.phases)),
            temperature=float(temperature),
            audio=np.empty((count, length), np.float32),
            likelihoods=np.empty((count, length)),
            outputs=np.empty((count, kept, self.outputs), np.float32),
        )

    def _wide(self, biases: Float) -> Float:
        """Biases (N, F, L, 2R) of the widened network."""
        padding = self._weights["input/bias"].size - self.channels
        if not padding:
            return biases
        halves = (np.pad(half, ((0, 0),) * 3 + ((0, padding),)) for half in np.split(biases, 2, 3))
        return np.concatenate(list(halves), axis=3)

    def _advance(self, passage: Passage, sound: Float) -> None:
        count, length = len(passage), passage.length
        if count and length:
            size = min(GROUP, -(-count // self.threads))
            parts = [passage.part(slice(at, at + size)) for at in range(0, count, size)]
            stepper = self.stepper
            if len(parts) == 1:
                stepper.advance(passage)
            else:
                with ThreadPoolExecutor(self.threads) as pool:
                    list(pool.map(stepper.advance, parts))
            passage.state.last[:] = sound[:, -1]
            passage.state.past[:] = passage.codes[:, length:]
            passage.state.steps += length


def available_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _fitting(name: str, given: NDArray[np.floating] | None, shape: tuple[int, ...]) -> Float:
    """The array in float32, with at least as many frames or steps as the shape, if it fits.

    Raises:
        ValueError: it does not.
    """
    array = np.zeros((*shape[:2], 0), np.float32) if given is None else np.asarray(given)
    fits = array.ndim == len(shape) and array.shape[1] >= shape[1]
    if not fits or array.shape[:1] + array.shape[2:] != shape[:1] + shape[2:]:
        raise ValueError(f"the {name} are {array.shape}, not {shape}")
    return np.require(array[:, : shape[1]], np.float32, ["C", "W"])
