"""A picture of a sound: its waveform above, its spectrogram below."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from creative_gen.media.audio import BLOCK, Audio

WIDTH, HEIGHT = 900, 480

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 70, 32, 38
_WAVE_HEIGHT, _GAP = 116, 14
_COLUMNS = WIDTH - _LEFT - _RIGHT
_SPECTRUM_TOP = _TOP + _WAVE_HEIGHT + _GAP
_ROWS = HEIGHT - _SPECTRUM_TOP - _BOTTOM

_PAPER, _INK, _FAINT, _WAVE = "#ffffff", "#3a3d45", "#d9dbe0", "#2f7dc4"
_FONT_SIZE = 11

_RANGE_DB = 80
_WINDOWS_A_COLUMN = 16
_SAMPLES_AT_ONCE = 1 << 20
_FREQUENCIES = [digit * 10**power for power in (1, 2, 3, 4, 5) for digit in (1, 2, 5)]

_COLORS = np.array(
    [
        (0, 0, 4),
        (28, 16, 68),
        (79, 18, 123),
        (129, 37, 129),
        (181, 54, 122),
        (229, 80, 100),
        (251, 135, 97),
        (254, 194, 135),
        (252, 253, 191),
    ],
    np.float64,
)
"""From silent to loud in evenly rising lightness: nine points of matplotlib's magma."""


def sound_picture(audio: Audio, title: str = "") -> Image.Image:
    """Draw a sound of any length, in memory that does not grow with it.

    Args:
        audio: Audio. Its channels share the waveform, and the spectrogram shows the mean of
            their power.
        title: str. A line above the picture. Defaults to none.

    Returns:
        An RGB image (`WIDTH`, `HEIGHT`). Time is in seconds; frequency, in Hz, goes up to
        half the sample rate on the mel scale; colours are dB below the loudest.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    image.paste(_colored(spectrogram(audio)), (_LEFT, _SPECTRUM_TOP))
    _draw_color_scale(image, pen)
    _draw_times(pen, audio.seconds)
    _draw_frequencies(pen, audio.sample_rate)
    _draw_waveform(pen, audio)
    line = " ".join(title.split())
    while pen.textlength(line, ImageFont.load_default(size=13)) > _COLUMNS:
        line = line[:-1]
    pen.text((_LEFT, 9), line, fill=_INK, font=ImageFont.load_default(size=13))
    return image


def spectrogram(audio: Audio) -> NDArray[np.float64]:
    """The picture's spectrogram, (rows, columns) in dB, 0 at its loudest and -80 at least.

    The first row is the highest frequency. A column is the mean of up to 16 Hann windows,
    of 40 ms or, in short sounds, less.
    """
    window = np.hanning(_window_length(audio) + 2)[1:-1]
    bins = 1 << math.ceil(math.log2(2 * len(window)))
    filters = _mel_filters(audio.sample_rate, bins)
    power = np.zeros((_COLUMNS, _ROWS))
    centers = _centers(audio.frames, len(window))
    at_once = max(1, _SAMPLES_AT_ONCE // (bins * centers.shape[1]))
    for first in range(0, _COLUMNS if audio.frames else 0, at_once):
        part = slice(first, first + at_once)
        starts = centers[part] - len(window) // 2
        for channel in audio.samples:
            spectrum = np.fft.rfft(_cut(channel, starts, len(window)) * window, bins)
            power[part] += (np.abs(spectrum) ** 2).mean(axis=1) @ filters
    loudest = float(power.max()) or 1.0
    with np.errstate(divide="ignore"):
        decibels = 10 * np.log10(power / loudest)
    return np.asarray(np.maximum(decibels, -_RANGE_DB).T[::-1])


def _window_length(audio: Audio) -> int:
    seconds = min(max(audio.seconds / 40, 0.01), 0.04)
    return max(16, round(seconds * audio.sample_rate))


def _centers(frames: int, window: int) -> NDArray[np.int64]:
    """The middles (columns, windows in each) of the windows, evenly over the sound."""
    each = math.ceil(2 * frames / (_COLUMNS * window))
    each = min(max(each, 1), _WINDOWS_A_COLUMN)
    count = _COLUMNS * each
    centers = (np.arange(count) + 0.5) * frames / count
    return centers.astype(np.int64).reshape(_COLUMNS, each)


def _cut(
    channel: NDArray[np.float32], starts: NDArray[np.int64], length: int
) -> NDArray[np.float64]:
    """Windows (..., length) of a channel, which is silent before its start and after its end."""
    places = starts[..., None] + np.arange(length)
    inside = (places >= 0) & (places < len(channel))
    cut: NDArray[np.float64] = channel[np.where(inside, places, 0)].astype(np.float64)
    return np.where(inside, cut, 0.0)


def _mel(frequency: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(2595 * np.log10(1 + np.asarray(frequency, np.float64) / 700))


def _row_frequencies(sample_rate: int) -> NDArray[np.float64]:
    """The frequency of the middle of each row, the lowest first, in Hz."""
    mels = (np.arange(_ROWS) + 0.5) / _ROWS * _mel(sample_rate / 2)
    return np.asarray(700 * (10 ** (mels / 2595) - 1))


def _mel_filters(sample_rate: int, bins: int) -> NDArray[np.float64]:
    """Triangles (frequencies of the transform, rows) that each sum to 1."""
    rows = _row_frequencies(sample_rate)
    widths = np.maximum(np.gradient(rows), sample_rate / bins)
    offsets = np.abs(np.fft.rfftfreq(bins, 1 / sample_rate)[:, None] - rows)
    triangles = np.maximum(1 - offsets / widths, 0)
    return np.asarray(triangles / triangles.sum(axis=0))


def _colored(decibels: NDArray[np.float64]) -> Image.Image:
    place = (decibels / _RANGE_DB + 1) * (len(_COLORS) - 1)
    known = np.arange(len(_COLORS))
    mixed = [np.interp(place, known, channel) for channel in _COLORS.T]
    return Image.fromarray(np.rint(np.stack(mixed, axis=-1)).astype(np.uint8))


def _draw_waveform(pen: ImageDraw.ImageDraw, audio: Audio) -> None:
    extremes = list(_extremes(audio))
    limit = _round_up(max((max(-low, high) for low, high in extremes), default=1.0) or 1.0)
    middle, half = _TOP + _WAVE_HEIGHT / 2, _WAVE_HEIGHT / 2 - 1
    box = (_LEFT, _TOP, _LEFT + _COLUMNS - 1, _TOP + _WAVE_HEIGHT)
    pen.line((_LEFT, middle, box[2], middle), fill=_FAINT)
    for column, (low, high) in enumerate(extremes):
        x = _LEFT + column
        pen.line((x, middle - high / limit * half, x, middle - low / limit * half), fill=_WAVE)
    pen.rectangle(box, outline=_FAINT)
    for value in (limit, 0.0, -limit):
        _write(pen, f"{value:g}", (_LEFT - 6, middle - value / limit * (half - 5)), "rm")


def _extremes(audio: Audio) -> Iterator[tuple[float, float]]:
    """The lowest and highest sample of each column, and of the sample after it."""
    edges = np.arange(_COLUMNS + 1) * audio.frames // _COLUMNS
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if not audio.frames:
            return
        # Neighbours share a sample, so that the waveform is one line also where it is steep.
        parts = [
            audio.samples[:, first : min(first + BLOCK, end + 1)]
            for first in range(start, end + 1, BLOCK)
        ]
        whole = [part for part in parts if part.size]
        yield (
            float(min(part.min() for part in whole)),
            float(max(part.max() for part in whole)),
        )


def _draw_times(pen: ImageDraw.ImageDraw, seconds: float) -> None:
    if not seconds:
        return
    step = _round_up(seconds / 10)
    bottom = _SPECTRUM_TOP + _ROWS
    for index in range(math.floor(seconds / step + 1e-9) + 1):
        x = _LEFT + index * step / seconds * (_COLUMNS - 1)
        pen.line((x, _TOP, x, _TOP + _WAVE_HEIGHT), fill=_FAINT)
        pen.line((x, bottom, x, bottom + 4), fill=_INK)
        _write(pen, f"{index * step:g}", (x, bottom + 7), "mt")
    _write(pen, "seconds", (_LEFT + _COLUMNS / 2, HEIGHT - 3), "mb")


def _draw_frequencies(pen: ImageDraw.ImageDraw, sample_rate: int) -> None:
    bottom = _SPECTRUM_TOP + _ROWS
    free = bottom - 15.0
    for frequency in _FREQUENCIES:
        y = bottom - float(_mel(frequency) / _mel(sample_rate / 2)) * _ROWS
        if not _SPECTRUM_TOP + 5 <= y <= free:
            continue
        free = y - 15
        pen.line((_LEFT - 4, y, _LEFT, y), fill=_INK)
        name = f"{frequency // 1000}k" if frequency >= 1000 else f"{frequency}"
        _write(pen, name, (_LEFT - 7, y), "rm")
    _write(pen, "Hz", (_LEFT - 7, bottom - 3), "rm")


def _draw_color_scale(image: Image.Image, pen: ImageDraw.ImageDraw) -> None:
    left = _LEFT + _COLUMNS + 14
    scale = np.linspace(0, -_RANGE_DB, _ROWS)[:, None].repeat(12, axis=1)
    image.paste(_colored(scale), (left, _SPECTRUM_TOP))
    for decibels in range(0, _RANGE_DB + 1, 20):
        y = _SPECTRUM_TOP + decibels / _RANGE_DB * (_ROWS - 10) + 5
        _write(pen, f"{-decibels} dB" if not decibels else f"{-decibels}", (left + 17, y), "lm")


def _write(pen: ImageDraw.ImageDraw, text: str, place: tuple[float, float], anchor: str) -> None:
    pen.text(place, text, fill=_INK, font=ImageFont.load_default(size=_FONT_SIZE), anchor=anchor)


def _round_up(value: float) -> float:
    """The first of ... 0.1, 0.2, 0.5, 1, 2, 5 ... that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= value * (1 - 1e-9))
