"""One line of a tool's ini file is changed; all others stay as they are."""

from __future__ import annotations

from pathlib import Path

from creative_gen.media.atomic import write_files


def ini_value(file: Path, section: str, key: str) -> str | None:
    """The value of a key, or None where it is not set."""
    lines = _lines(file)
    at = _find(lines, section, key)
    return None if at is None else lines[at].split("=", 1)[1].strip()


def set_ini_value(file: Path, section: str, key: str, value: str | None) -> None:
    """Set a key, or take its line away if the value is None.

    Args:
        file: Path. Made when missing; deleted when nothing is left in it.
        section: str. Its section's name, without brackets.
        key: str. Its name.
        value: str. Its value.

    Raises:
        OSError: the file cannot be written.
        UnicodeDecodeError: it is no text.
    """
    lines = _lines(file)
    at = _find(lines, section, key)
    if value is None:
        if at is not None:
            del lines[at]
            _drop_if_empty(lines, section)
    elif at is not None:
        lines[at] = f"{key}={value}"
    else:
        _add(lines, section, f"{key}={value}")
    if lines:
        # Through a link, as dotfiles often are.
        real = file.resolve()
        write_files(real.parent, {real.name: ("\n".join(lines) + "\n").encode("utf-8")})
    else:
        file.unlink(missing_ok=True)


def _lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines() if file.exists() else []


def _find(lines: list[str], section: str, key: str) -> int | None:
    inside = False
    for at, line in enumerate(lines):
        if line.strip().startswith("["):
            inside = line.strip() == f"[{section}]"
        elif inside and "=" in line and line.split("=", 1)[0].strip() == key:
            return at
    return None


def _add(lines: list[str], section: str, line: str) -> None:
    heads = [at for at, old in enumerate(lines) if old.strip() == f"[{section}]"]
    if heads:
        lines.insert(heads[0] + 1, line)
    else:
        lines += ["", f"[{section}]", line] if lines else [f"[{section}]", line]


def _drop_if_empty(lines: list[str], section: str) -> None:
    """Take a section's head away if nothing is below it, and the empty line that `_add` made."""
    at = next(n for n, line in enumerate(lines) if line.strip() == f"[{section}]")
    below = lines[at + 1] if at + 1 < len(lines) else "["
    if below.strip() and not below.strip().startswith("["):
        return
    del lines[at]
    if at and not lines[at - 1].strip():
        del lines[at - 1]
