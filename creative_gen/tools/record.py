"""What was installed for a tool, so that exactly that can be taken away."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from creative_gen.media.atomic import write_files
from creative_gen.store.locations import user_data


class InstalledFile(BaseModel):
    """A file that was written.

    Args:
        path: Path. Where.
        sha256: str. Of what was written.
    """

    path: Path
    sha256: str


class ChangedSetting(BaseModel):
    """A setting that was changed.

    Args:
        file: Path. The ini file.
        section: str. Its section.
        key: str. Its name.
        old: str. What it was, None where it was not set.
        new: str. What it became.
    """

    file: Path
    section: str
    key: str
    old: str | None
    new: str


class Record(BaseModel):
    """What was installed for one tool.

    Args:
        version: str. Of the creative_gen that did it.
        targets: the tool's folders.
        files: what was written.
        folders: what was made for them, the outermost first.
        settings: what was changed.
    """

    version: str
    targets: list[Path] = []
    files: list[InstalledFile] = []
    folders: list[Path] = []
    settings: list[ChangedSetting] = []


def records_folder() -> Path:
    """Where the records are: in the user's data folder, where the server's history is."""
    return user_data() / "plugins"


def read_record(name: str) -> Record | None:
    """What was installed for the tool of that name, None where nothing was or nothing is told."""
    try:
        return Record.model_validate_json(_file(name).read_bytes())
    except (OSError, ValidationError):
        return None


def write_record(name: str, record: Record) -> None:
    """Keep what was installed.

    Raises:
        OSError: the user's data folder cannot be written.
    """
    file = _file(name)
    write_files(file.parent, {file.name: record.model_dump_json(indent=2).encode("utf-8")})


def delete_record(name: str) -> None:
    """Forget a tool."""
    _file(name).unlink(missing_ok=True)


def _file(name: str) -> Path:
    return records_folder() / f"{name}.json"
