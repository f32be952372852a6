"""A convolution that trains as several branches and is one: structural re-parameterisation."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32) / 4
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32) / 4
EDGES = np.stack([SOBEL, SOBEL.T, LAPLACIAN])
"""Filters (3, 3, 3) whose outputs the edge branches mix."""


class RepConv2D(keras.layers.Layer):
    """The edge-oriented block of Zhang, Zeng and Zhang (2021, "ECBSR"), a 3 x 3 convolution.

    Its branches are a 3 x 3 kernel, a 1 x 1 kernel that widens followed by a 3 x 3 one, the two
    Sobel filters and the Laplacian of mixed channels, and the identity where the widths agree.
    All are linear, so their kernels are added up before the picture is touched: a step of
    training costs what it costs for the sum, and the sum is what is exported.

    Args:
        filters: int. Output channels.
        expansion: int. How much wider the second branch is inside. Defaults to 2.
    """

    def __init__(self, filters, expansion=2, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.expansion = filters, expansion

    def build(self, shape):
        channels, filters = shape[-1], self.filters
        inner = self.expansion * channels
        scaled = keras.initializers.VarianceScaling(0.25, "fan_in", "truncated_normal")
        self.kernel = self.add_weight(
            shape=(3, 3, channels, filters), initializer=scaled, name="kernel"
        )
        self.expand = self.add_weight(
            shape=(channels, inner), initializer="glorot_normal", name="expand"
        )
        self.squeeze = self.add_weight(
            shape=(3, 3, inner, filters), initializer=scaled, name="squeeze"
        )
        self.mixing = self.add_weight(
            shape=(len(EDGES), channels, filters), initializer=scaled, name="mixing"
        )
        self.bias = self.add_weight(shape=(filters,), initializer="zeros", name="bias")

    def merged_kernel(self):
        """The kernel (3, 3, channels, filters) that all branches add up to."""
        kernel = self.kernel + ops.einsum("ce,hwef->hwcf", self.expand, self.squeeze)
        kernel = kernel + ops.einsum("khw,kcf->hwcf", EDGES, self.mixing)
        channels = self.kernel.shape[2]
        if channels == self.filters:
            identity = np.zeros((3, 3, channels, channels), np.float32)
            identity[1, 1] = np.eye(channels)
            kernel = kernel + identity
        return kernel

    def call(self, pictures):
        return ops.conv(pictures, self.merged_kernel(), padding="same") + self.bias

    def get_config(self):
        return super().get_config() | {"filters": self.filters, "expansion": self.expansion}
