"""Errors a tool can show: a stable code, a sentence, and the fix."""

from __future__ import annotations

from dataclasses import dataclass

from creative_gen.media.errors import MediaError


class CreativeGenError(Exception):
    """Something the user can mend.

    Args:
        message: str. One sentence: what is wrong.
        hint: str. What to do about it.
    """

    code = "error"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnknownTask(CreativeGenError):
    """There is no such task, or no model that does it."""

    code = "unknown_task"


class UnknownAsset(CreativeGenError):
    """There is no such asset."""

    code = "unknown_asset"


class InvalidAsset(CreativeGenError):
    """An asset's card, files or weights are not what they should be."""

    code = "invalid_asset"


class BadPlugin(CreativeGenError):
    """Another package's plugin, or the family that it brings, does not keep to the interface."""

    code = "bad_plugin"


class InvalidRequest(CreativeGenError):
    """An input or an option is missing, unknown or out of bounds."""

    code = "invalid_request"


class InvalidMedia(CreativeGenError):
    """A file or a value cannot be read."""

    code = "invalid_media"


class OutputFailed(CreativeGenError):
    """A result cannot be written where it was asked for."""

    code = "output_failed"


class MissingExtra(CreativeGenError):
    """A part of creative_gen that is not installed is needed."""

    code = "missing_extra"


@dataclass(frozen=True)
class ErrorReport:
    """What a tool is told of an error."""

    code: str
    message: str
    hint: str


def describe(error: CreativeGenError | MediaError) -> ErrorReport:
    """The report of any error that the user can mend."""
    code = InvalidMedia.code if isinstance(error, MediaError) else error.code
    return ErrorReport(code, error.message, error.hint)
