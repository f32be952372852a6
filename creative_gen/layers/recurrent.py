"""The base of the recurrent layers of sketch models, in `keras.ops`.

Unlike `keras.layers.LSTM` they drop only the candidate tanh(g) (Semeniuta et al., "Recurrent
Dropout without Memory Loss", 2016), so that the memory is never erased, and take a constant
condition that is multiplied with its kernel once. Gates are in Keras's order i, f, g, o. Time comes
first: inputs are (T, B, features).
"""

from __future__ import annotations

import keras
from keras import ops


class Recurrent(keras.layers.Layer):
    """An LSTM of some kind: unrolls its `step` over time with `ops.scan`.

    Weights: kernel_x (features, 4H), kernel_h (H, 4H), those of the kind itself, and
    kernel_condition (C, 4H) when there is a condition.

    Args:
        units: int. Width H of the output.
        condition_size: int. Width C of the constant condition; 0 for none.
        recurrent_dropout: float. Share of the candidate values dropped in training, a new mask
            each step.
    """

    def __init__(self, units, condition_size=0, recurrent_dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.condition_size = condition_size
        self.recurrent_dropout = recurrent_dropout
        self.seed_generator = keras.random.SeedGenerator()
        # TensorFlow's XLA cannot differentiate `ops.scan`.
        self.supports_jit = keras.backend.backend() != "tensorflow"

    @staticmethod
    def options(hyper_units, hyper_embedding):
        """Arguments of the constructor that only this kind of cell takes."""
        return {}

    @property
    def state_size(self) -> int:
        """Values in h, and as many in c."""
        return self.units

    def build(self, input_shape):
        """Make the weights for inputs (T, B, features)."""
        gates = 4 * self.units
        self.kernel_x = self.add_weight(
            (input_shape[-1], gates), initializer="glorot_uniform", name="kernel_x"
        )
        self.kernel_h = self.add_weight(
            (self.units, gates), initializer=gatewise_orthogonal, name="kernel_h"
        )
        self.build_gates(input_shape[-1])
        if self.condition_size:
            self.kernel_condition = self.add_weight(
                (self.condition_size, gates), initializer=small_normal, name="kernel_condition"
            )

    def build_gates(self, features):
        """Make the weights that only this kind of cell has."""
        raise NotImplementedError

    def step(self, projected, h, c, mask):
        """Next h and c, both (B, state_size), from what `project` gives for one time step.

        `mask` (B, H) multiplies the candidate tanh(g).
        """
        raise NotImplementedError

    def project(self, inputs, condition):
        """What inputs (T, B, features) and a condition (B, C) or None add to the gates."""
        projected = ops.matmul(inputs, self.kernel_x)
        if condition is None:
            return projected
        return projected + ops.matmul(condition, self.kernel_condition)

    def call(self, inputs, condition=None, initial_state=None, training=False):
        """Outputs (T, B, H) and the last (h, c) from inputs (T, B, features).

        Args:
            inputs: tensor (T, B, features).
            condition: tensor (B, C) that is seen at every step, or None.
            initial_state: tensors (h, c), each (B, state_size); zeros by default.
            training: bool. Whether to drop.
        """
        projected = self.project(inputs, condition)
        steps, batch = ops.shape(inputs)[0], ops.shape(inputs)[1]
        if initial_state is None:
            zeros = ops.zeros((batch, self.state_size), inputs.dtype)
            initial_state = (zeros, zeros)
        step = self._plain_step
        if training and self.recurrent_dropout:
            mask = self._dropout_mask((steps, batch, self.units), inputs.dtype)
            projected, step = ops.concatenate([projected, mask], axis=-1), self._masked_step
        state, (h, _) = ops.scan(step, tuple(initial_state), projected)
        return h[..., : self.units], state

    def _dropout_mask(self, shape, dtype):
        keep = 1.0 - self.recurrent_dropout
        kept = keras.random.uniform(shape, seed=self.seed_generator) < keep
        return ops.cast(kept, dtype) / keep

    # On TensorFlow, `ops.scan` takes one tensor to scan over where its length is not known when
    # the graph is made, and outputs that are built as the state is: hence h and c, which compilers
    # remove where nobody reads it.
    def _masked_step(self, state, inputs):
        width = inputs.shape[-1] - self.units
        state = self.step(inputs[:, :width], *state, inputs[:, width:])
        return state, state

    def _plain_step(self, state, projected):
        state = self.step(projected, *state, 1.0)
        return state, state


def small_normal(shape, dtype=None):
    """Normal values of standard deviation 0.05."""
    return keras.random.normal(shape, stddev=0.05, dtype=dtype)


def gatewise_orthogonal(shape, dtype=None):
    """An orthogonal (units, units) matrix for each of the gates."""
    units = shape[0]
    square = keras.initializers.Orthogonal()
    return ops.concatenate([square((units, units), dtype) for _ in range(shape[1] // units)], -1)
