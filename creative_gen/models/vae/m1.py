"""M1: classifiers of few labels that see a VAE's posterior means instead of pictures.

Kingma et al., 2014, "Semi-supervised learning with deep generative models", section 3.1: the VAE
learns from all examples, and a classifier of its latent space from those with labels. What lies
close together there is mostly of one class, which `LabelSpreading` makes use of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]


def labelled_rows(labels: Integers, each: int, seed: int) -> NDArray[np.int64]:
    """Which examples are labelled: `each` of every class, drawn without replacement.

    Raises:
        ValueError: a class has fewer examples.
    """
    rng = np.random.default_rng(seed)
    chosen = [rng.choice(np.flatnonzero(labels == one), each, False) for one in np.unique(labels)]
    return np.concatenate(chosen)


def support_vectors(features: Floats, labels: Integers) -> Any:
    """A support vector machine with a radial kernel, fitted to labelled features (N, Z).

    Has `predict`, from features to labels.
    """
    from sklearn.svm import SVC

    return SVC(C=10.0).fit(features, labels)


@dataclass(frozen=True)
class LabelSpreading:
    """Classes that spread from a few examples to their neighbours, and from those to theirs.

    Zhou et al., 2004, "Learning with local and global consistency".

    Args:
        neighbours: int. Of each example, the nearest that it is joined to.
        share: float. Of what an example becomes, what its neighbours say (alpha in the paper).
        rounds: int. How often classes are handed on.
    """

    neighbours: int = 6
    share: float = 0.99
    rounds: int = 200

    def spread(self, features: Floats, labels: Integers, rows: Integers, classes: int) -> Doubles:
        """How likely every example is of each class, (N, classes).

        Args:
            features: (N, Z).
            labels: (N,). Only those of `rows` are looked at.
            rows: the labelled examples.
            classes: int.
        """
        graph = self.graph(features)
        known = np.zeros((len(features), classes))
        known[rows, labels[rows]] = 1
        found = known
        for _ in range(self.rounds):
            found = self.share * (graph @ found) + (1 - self.share) * known
        # Classes whose labels happen to lie where examples are many are not favoured.
        found = found / np.maximum(found.sum(0), np.finfo(np.float64).tiny)
        total = found.sum(1, keepdims=True)
        unreached = np.full_like(found, 1 / classes)
        return np.asarray(np.divide(found, total, out=unreached, where=total > 0))

    def graph(self, features: Floats) -> Any:
        """The sparse matrix (N, N) by which classes are handed on.

        It is symmetric, and each example's row is scaled by the root of how well it is joined.
        """
        from scipy.sparse import csr_matrix, diags_array

        rows, distances = nearest(features, features, self.neighbours + 1)
        rows, distances = rows[:, 1:], distances[:, 1:]
        # The kernel is as wide as the way to the last neighbour of either.
        widths = distances[:, -1:]
        weights = np.exp(-np.square(distances) / (widths * widths[rows, 0] + 1e-12))
        starts = np.arange(len(rows) + 1) * self.neighbours
        one_way = csr_matrix((weights.ravel(), rows.ravel(), starts), (len(rows), len(rows)))
        joined = one_way.maximum(one_way.T)
        scale = diags_array(1 / np.sqrt(np.asarray(joined.sum(1)).ravel()))
        return (scale @ joined @ scale).tocsr()

    def predict(self, features: Floats, known: Floats, spread: Doubles) -> Doubles:
        """How likely other examples are of each class: what their neighbours' classes are.

        Args:
            features: (M, Z). Of the others.
            known: (N, Z). Of the examples that classes have spread to.
            spread: (N, K). Those classes.

        Returns:
            (M, K).
        """
        rows, distances = nearest(features, known, self.neighbours)
        widths = np.maximum(distances[:, -1:], 1e-12)
        weights = np.exp(-np.square(distances / widths))
        found = np.einsum("nk,nkc->nc", weights, spread[rows])
        return np.asarray(found / weights.sum(1, keepdims=True))


def nearest(
    features: Floats, known: Floats, count: int, at_once: int = 1000
) -> tuple[NDArray[np.int64], Doubles]:
    """The nearest of some examples, nearest first.

    Args:
        features: (M, Z). Whose neighbours are wanted.
        known: (N, Z). Among which they are.
        count: int.
        at_once: int. How many rows of distances are kept at once.

    Returns:
        Their rows (M, count), and the Euclidean distances.
    """
    squares = np.square(known, dtype=np.float64).sum(1)
    rows = np.empty((len(features), count), np.int64)
    distances = np.empty((len(features), count))
    for start in range(0, len(features), at_once):
        part = np.asarray(features[start : start + at_once], np.float64)
        apart = np.square(part).sum(1)[:, None] + squares - 2 * part @ known.T
        near = np.argpartition(apart, count - 1, axis=1)[:, :count]
        values = np.take_along_axis(apart, near, 1)
        order = np.argsort(values, axis=1, kind="stable")
        rows[start : start + at_once] = np.take_along_axis(near, order, 1)
        sorted_values = np.take_along_axis(values, order, 1)
        distances[start : start + at_once] = np.sqrt(np.maximum(sorted_values, 0))
    return rows, distances
