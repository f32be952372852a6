"""The skeleton of thinned lines as a graph, and its branches joined into strokes.

Branches that meet are joined where they run straight on, so that strokes go through crossings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    label,
)

UPSAMPLING = 5
"""Skeleton pixels a bitmap pixel, each way."""
STRAIGHT, CORNER = 80.0, 140.0
"""Largest turn, in degrees, that joins two branches of a junction: first choice, what is left."""
CROSSING = 35.0
"""Largest turn, in degrees, of lines that cross."""
DANGLING = 55.0
"""Degrees added when a branch that ends free would continue one that does not: a whisker
leaves the outline that it touches whole."""

Points = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pixel = tuple[int, int]
HalfBranch = tuple[int, int]
"""A branch's index, and which end of it: 0 its first point, 1 its last."""

_STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))


@dataclass
class _Branch:
    """A skeleton path (points, 2) between two nodes; a ring without a junction has none."""

    path: Points
    nodes: list[int]


@dataclass
class _Skeleton:
    """Branches, and of each node its place and the radius of the ink there, enlarged pixels."""

    branches: list[_Branch]
    centres: dict[int, Points]
    radii: dict[int, float]

    def halves(self) -> dict[int, list[HalfBranch]]:
        """The ends of branches that meet at each node."""
        halves: dict[int, list[HalfBranch]] = defaultdict(list)
        for i, branch in enumerate(self.branches):
            for end, node in enumerate(branch.nodes):
                halves[node].append((i, end))
        return halves


@dataclass
class Stroke:
    """A line of points (N, 2), and whether its end meets its start."""

    points: Points
    closed: bool


def skeleton_of(thin: Mask, depth: Points) -> _Skeleton:
    """The graph of a thinned mask; touching junction pixels are one node."""
    links = _links(thin)
    degree = links.sum(axis=0)
    clusters, count = label(degree >= 3, structure=np.ones((3, 3)))
    node: dict[Pixel, int] = {(y, x): int(clusters[y, x]) for y, x in _pixels(degree >= 3)}
    node |= {pixel: count + 1 + i for i, pixel in enumerate(_pixels(thin & (degree <= 1)))}
    members: dict[int, list[Pixel]] = defaultdict(list)
    for pixel, i in node.items():
        members[i].append(pixel)
    return _Skeleton(
        list(_branches(_neighbours(thin, links), node)),
        {i: np.mean(pixels, axis=0)[::-1] for i, pixels in members.items()},
        {i: max(float(depth[p]) for p in pixels) for i, pixels in members.items()},
    )


def _links(thin: Mask) -> Mask:
    """(8, height, width): whether each pixel is linked to its neighbour at each of `_STEPS`.

    A diagonal link is left out where two straight ones lead the same way.
    """
    height, width = thin.shape
    padded = np.pad(thin, 1)
    links = np.stack(
        [padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width] & thin for dy, dx in _STEPS]
    )
    up, right, down, left = links[:4]
    links[4:] &= ~np.stack([up | right, down | right, down | left, up | left])
    return links


def _pixels(mask: Mask) -> list[Pixel]:
    return [(y, x) for y, x in np.argwhere(mask).tolist()]


def _neighbours(thin: Mask, links: Mask) -> dict[Pixel, list[Pixel]]:
    pixels = _pixels(thin)
    linked = links[:, thin].T.tolist()
    return {
        (y, x): [(y + dy, x + dx) for (dy, dx), link in zip(_STEPS, row, strict=True) if link]
        for (y, x), row in zip(pixels, linked, strict=True)
    }


def _branches(neighbours: dict[Pixel, list[Pixel]], node: dict[Pixel, int]) -> Iterator[_Branch]:
    walked: set[Pixel] = set()
    done: set[tuple[Pixel, Pixel]] = set()
    for start in node:
        for first in neighbours[start]:
            within = first in node and node[first] == node[start]
            if within or (start, first) in done:
                continue
            path = _walk(neighbours, start, first, node)
            done |= {(start, first), (path[-1], path[-2])}
            walked.update(path)
            yield _Branch(_xy(path), [node[start], node[path[-1]]])
    for start in neighbours:
        if start not in walked and start not in node:
            path = _walk(neighbours, start, neighbours[start][0], {start: 0})
            walked.update(path)
            yield _Branch(_xy(path), [])


def _walk(
    neighbours: dict[Pixel, list[Pixel]], start: Pixel, first: Pixel, stops: dict[Pixel, int]
) -> list[Pixel]:
    path = [start, first]
    while path[-1] not in stops:
        one, other = neighbours[path[-1]]
        path.append(other if one == path[-2] else one)
    return path


def _xy(path: list[Pixel]) -> Points:
    return np.array(path, np.float64)[:, ::-1]


def prune(skeleton: _Skeleton) -> None:
    """Cut the spurs that thinning leaves where a line's edge is uneven, shortest first."""
    while True:
        halves = skeleton.halves()
        spurs = {}
        for i, branch in enumerate(skeleton.branches):
            ends = sorted(branch.nodes, key=lambda node: len(halves[node]))
            if ends and len(halves[ends[0]]) == 1 and len(halves[ends[1]]) >= 3:
                length = length_of(branch.path)
                if length < skeleton.radii[ends[1]] + 0.5 * UPSAMPLING:
                    spurs[i] = length
        if not spurs:
            return
        del skeleton.branches[min(spurs, key=lambda i: spurs[i])]


def merge_junctions(skeleton: _Skeleton) -> None:
    """Make one junction of two whose ink overlaps: thinning makes two forks of a crossing."""
    weight: dict[int, int] = defaultdict(lambda: 1)
    centres, radii = skeleton.centres, skeleton.radii
    while True:
        halves = skeleton.halves()
        short = {}
        for i, branch in enumerate(skeleton.branches):
            if len(set(branch.nodes)) == 2 and min(len(halves[n]) for n in branch.nodes) >= 3:
                length = length_of(branch.path)
                ink = sum(radii[n] for n in branch.nodes)
                within = length < 0.9 * ink + 0.1 * UPSAMPLING
                if within or (length < 2.2 * ink and _is_crossing(skeleton, i, halves)):
                    short[i] = length
        if not short:
            break
        kept, gone = skeleton.branches.pop(min(short, key=lambda i: short[i])).nodes
        total = weight[kept] + weight[gone]
        centres[kept] = (centres[kept] * weight[kept] + centres[gone] * weight[gone]) / total
        weight[kept], radii[kept] = total, max(radii[kept], radii[gone])
        for branch in skeleton.branches:
            branch.nodes = [kept if node == gone else node for node in branch.nodes]
    skeleton.branches = [b for b in skeleton.branches if not _is_knot(b, radii)]


def _is_crossing(skeleton: _Skeleton, shared: int, halves: dict[int, list[HalfBranch]]) -> bool:
    """Whether two lines that cross at a shallow angle share a branch: both would go straight on."""
    outer = [
        [_direction(skeleton, half, node) for half in halves[node] if half[0] != shared]
        for node in skeleton.branches[shared].nodes
    ]
    if [len(directions) for directions in outer] != [2, 2]:
        return False
    (a, b), (c, d) = outer
    pairings = ((a, c), (b, d)), ((a, d), (b, c))
    return any(all(_turn(*pair) < CROSSING for pair in pairing) for pairing in pairings)


def _is_knot(branch: _Branch, radii: dict[int, float]) -> bool:
    """Whether a branch is a loop so small that it is a part of its junction."""
    if len(branch.nodes) != 2 or branch.nodes[0] != branch.nodes[1]:
        return False
    return length_of(branch.path) < 1.5 * UPSAMPLING + 2 * radii[branch.nodes[0]]


def join(skeleton: _Skeleton) -> list[Stroke]:
    """Follow paired branches from end to end, then around what is left: closed strokes."""
    partner = _partners(skeleton)
    halves = skeleton.halves()
    rings = [i for i, branch in enumerate(skeleton.branches) if not branch.nodes]
    strokes = [Stroke(skeleton.branches[i].path, True) for i in rings]
    used = set(rings)
    every = [(i, end) for i in range(len(skeleton.branches)) for end in (0, 1)]
    for start in [h for h in every if h not in partner] + every:
        if start[0] in used:
            continue
        parts, half, closed = [], start, False
        while not closed:
            used.add(half[0])
            parts.append(_oriented(skeleton, half, partner, halves))
            far = (half[0], 1 - half[1])
            if far not in partner:
                break
            half = partner[far]
            closed = half[0] in used
        points = np.concatenate(parts + [parts[0][:1]] * closed)
        strokes.append(Stroke(points, closed))
    return strokes


def _partners(skeleton: _Skeleton) -> dict[HalfBranch, HalfBranch]:
    """Pair the ends of branches that one stroke runs through, least turn first."""
    partner: dict[HalfBranch, HalfBranch] = {}
    halves = skeleton.halves()
    dangling = [sum(len(halves[n]) == 1 for n in b.nodes) == 1 for b in skeleton.branches]
    for node, here in halves.items():
        towards = [_direction(skeleton, half, node) for half in here]
        turns = sorted(
            (_turn(towards[a], towards[b]) + DANGLING * (dangling[i] != dangling[j]), a, b)
            for (a, (i, _)), (b, (j, _)) in combinations(enumerate(here), 2)
        )
        for limit in (STRAIGHT, CORNER if len(here) > 2 else np.inf):
            for turn, a, b in turns:
                one, other = here[a], here[b]
                # A petal and a whisker stay strokes of their own.
                ends_free = dangling[one[0]] and dangling[other[0]]
                alone = limit == CORNER and (one[0] == other[0] or ends_free)
                if turn < limit and not alone and one not in partner and other not in partner:
                    partner[one], partner[other] = other, one
    return partner


def _direction(skeleton: _Skeleton, half: HalfBranch, node: int) -> Points:
    """Unit vector along a branch, away from its node, measured outside the node's own ink."""
    path = skeleton.branches[half[0]].path[:: 1 - 2 * half[1]]
    centre, radius = skeleton.centres[node], skeleton.radii[node]
    away = np.hypot(*(path - centre).T)
    beyond = np.flatnonzero(away > radius + 2.5 * UPSAMPLING)
    last = int(beyond[0]) if len(beyond) else int(away.argmax())
    first = int(np.argmax(away[: last + 1] >= min(radius, away[last] / 2)))
    vector = path[last] - (path[first] if first < last else centre)
    return np.asarray(vector / max(float(np.hypot(*vector)), 1e-9))


def _turn(one: Points, other: Points) -> float:
    """Degrees that a pen turns when it comes along one direction and leaves along another."""
    return 180 - float(np.degrees(np.arccos(np.clip(one @ other, -1, 1))))


def _oriented(
    skeleton: _Skeleton,
    half: HalfBranch,
    partner: dict[HalfBranch, HalfBranch],
    halves: dict[int, list[HalfBranch]],
) -> Points:
    """A branch's points from one of its ends, cut or completed at its junctions.

    Near a junction the skeleton bends towards the other branches: a stroke that goes through
    leaves that part out, and one that ends there goes to the junction's centre.
    """
    branch = skeleton.branches[half[0]]
    path = branch.path
    for end in (0, 1):
        node, centre = branch.nodes[end], skeleton.centres[branch.nodes[end]]
        path = path[::-1] if end else path
        if (half[0], end) in partner:
            path = _trimmed(path, centre, skeleton.radii[node])
        elif len(halves[node]) >= 3:
            trimmed = _trimmed(path, centre, 0.8 * skeleton.radii[node])
            path = np.concatenate([centre[None], trimmed])
        path = path[::-1] if end else path
    return path[::-1] if half[1] else path


def _trimmed(path: Points, centre: Points, radius: float) -> Points:
    outside = np.hypot(*(path - centre).T) >= radius
    start = int(outside.argmax()) if outside.any() else len(path)
    return path[min(start, len(path) - 2) :]


def length_of(points: Points) -> float:
    """The length of a line of points (N, 2)."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def distance_between(one: Points, other: Points) -> float:
    """The distance of two points (2,)."""
    return float(np.hypot(*(one - other)))
