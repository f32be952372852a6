"""A matrix product whose rows do not depend on their neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ROW_BLOCK = 16


def row_matmul(rows: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """`rows @ matrix` whose every row has the same bits whatever rows stand beside it.

    BLAS picks its loops by the number of rows, so the rows go through in padded blocks of one size.
    """
    result = np.empty((len(rows), matrix.shape[1]), np.float32)
    block = np.zeros((ROW_BLOCK, matrix.shape[0]), np.float32)
    for start in range(0, len(rows), ROW_BLOCK):
        some = rows[start : start + ROW_BLOCK]
        block[: len(some)] = some
        result[start : start + ROW_BLOCK] = (block @ matrix)[: len(some)]
    return result
