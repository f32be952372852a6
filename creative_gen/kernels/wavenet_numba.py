"""A WaveNet's steps compiled by Numba: the same sounds as `wavenet_numpy`, faster."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.packing import aligned_concatenation, pack_bfloat16, pack_strips
from creative_gen.kernels.wavenet_codes import Codes
from creative_gen.kernels.wavenet_forward import Network, make_scratch
from creative_gen.kernels.wavenet_kernel import Streams, generate, read, speculate
from creative_gen.kernels.wavenet_passage import Passage
from creative_gen.kernels.wavenet_weights import Weights

Precision = Literal["float32", "bfloat16"]

SPECULATIVE_BYTES = 1_500_000
"""From this size of the weights on, a guess in bfloat16 saves more than it costs."""
SPECULATIVE_STREAMS = 2
"""Up to this many streams; more share each reading of the weights anyway."""


class NumbaStepper:
    """Advances streams with `wavenet_kernel`.

    Args:
        weights: widened ones, see `wavenet_weights`.
        dilations: one a layer.
        codes: of the head.
        pre_emphasis: a of the model domain u_t = y_t - a y_(t-1).
        frame_samples: steps of a frame.
        precision: of the matrices; the biases are float32.
    """

    def __init__(
        self,
        weights: Weights,
        dilations: tuple[int, ...],
        codes: Codes,
        pre_emphasis: float,
        frame_samples: int,
        precision: Precision,
    ) -> None:
        self.weights, self.dilations, self.codes = weights, dilations, codes
        self.pre_emphasis, self.frame_samples = pre_emphasis, frame_samples
        self.network = self._packed(precision)
        large = self.network.weights.nbytes >= SPECULATIVE_BYTES
        self.may_speculate = large and precision == "float32" and codes.head == "mu_law"

    @cached_property
    def guess(self) -> Network:
        """The network in bfloat16."""
        return self._packed("bfloat16")

    def advance(self, passage: Passage) -> None:
        """Read or generate a passage, in place."""
        streams, scratch = self._streams(passage), make_scratch(self.network)
        if passage.given:
            read(self.network, scratch, streams, passage.likelihoods, passage.outputs)
        elif self.may_speculate and len(passage) <= SPECULATIVE_STREAMS:
            speculate(self.network, self.guess, scratch, streams)
        else:
            generate(self.network, scratch, streams)

    def _streams(self, passage: Passage) -> Streams:
        state = passage.state
        return Streams(
            length=passage.length,
            frames=passage.biases.shape[1],
            phases_width=passage.phases.shape[2],
            frame_samples=self.frame_samples,
            temperature=passage.temperature,
            pre_emphasis=self.pre_emphasis,
            queue=state.queue,
            seeds=state.seeds,
            steps=state.steps,
            last=state.last,
            codes=passage.codes,
            biases=passage.biases,
            phases=passage.phases,
            audio=passage.audio,
        )

    def _packed(self, precision: Precision) -> Network:
        w, dilations = self.weights, np.array(self.dilations, np.int64)
        layers, (units, skip) = len(dilations), w["layers/skip"].shape[1:]
        head, outputs = w["output/kernel"].shape
        pack = pack_strips if precision == "float32" else pack_bfloat16
        matrices = self._matrices(units)
        return Network(
            layers=layers,
            units=units,
            inputs=len(matrices[0]),
            skip=skip,
            head=head,
            outputs=outputs,
            mixtures=self.codes.mixtures,
            queue=int(dilations.sum()),
            weights=aligned_concatenation([pack(matrix) for matrix in matrices]),
            dilations=dilations,
            queue_starts=np.cumsum(dilations) - dilations,
            input_bias=w["input/bias"],
            residual_bias=w["layers/residual_bias"].reshape(-1),
            skip_bias=w["skip/bias"],
            head_bias=w["head/bias"],
            output_bias=w["output/bias"],
            zeros=np.zeros(2 * units, np.float32),
            values=self.codes.values,
            companded=self.codes.companded,
        )

    def _matrices(self, units: int) -> list[NDArray[np.float32]]:
        """All matrices in the order in which a step uses them."""
        w = self.weights
        entry = w["input/kernel"]
        matrices = [np.pad(entry, ((0, len(entry) % 2), (0, 0)))]
        for kernel, residual in zip(w["layers/kernel"], w["layers/residual"], strict=True):
            matrices += [kernel[:units], kernel[units:], residual]
        skip = w["layers/skip"].reshape(-1, w["layers/skip"].shape[2])
        return [*matrices, skip, w["head/kernel"], w["output/kernel"]]
