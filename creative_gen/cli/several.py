"""Runs a task on several pictures, or on those of a folder: one that is broken stops no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from creative_gen.cli.image_place import Misplaced
from creative_gen.cli.medium import Report
from creative_gen.cli.output import MANIFEST, write_result
from creative_gen.cli.progress import Bar, progress_bar
from creative_gen.cli.running import Asked, run_one
from creative_gen.interface.errors import InvalidMedia, InvalidRequest, describe
from creative_gen.interface.wire import dumped
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_folder import SUFFIXES


@dataclass
class Batch:
    """What has become of the pictures so far.

    Args:
        files: the pictures to do.
        folder: Path. Where the results go; None if they are only printed.
        reports: of those that were done.
        failures: what is wrong with each of the others, and the fix.
    """

    files: Sequence[Path]
    folder: Path | None
    reports: list[Report] = field(default_factory=list)
    failures: dict[Path, str] = field(default_factory=dict)

    @property
    def facts(self) -> list[Mapping[str, Any]]:
        """The manifest of each result."""
        return [report.facts for report in self.reports]

    @property
    def written(self) -> list[Path]:
        """The files of all results."""
        folder = self.folder or Path()
        return [folder / name for facts in self.facts for name in facts["files"]]

    def add(self, path: Path, report: Report) -> None:
        """Take the report of a picture; one that is only printed names the picture."""
        if self.folder is None:
            name = click.format_filename(path)
            facts = {"picture": name, **report.facts}
            report = replace(report, facts=facts, summary=f"{name}: {report.summary}")
        self.reports.append(report)

    def summary(self) -> str:
        """What was made, by which assets, and how to make it again; or a line for each."""
        if self.folder is None:
            return "\n".join(report.summary for report in self.reports)
        lines = [f"{len(self.reports)} of {len(self.files)} pictures done, in {self.folder}"]
        assets = Counter(facts["asset"] for facts in self.facts)
        if assets:
            lines.append(", ".join(f"{count} by '{name}'" for name, count in assets.items()) + ".")
        seeds = {facts["options"]["seed"] for facts in self.facts if "seed" in facts["options"]}
        return "\n".join([*lines, *(f"Seed {seed}." for seed in seeds)])


def run_each(asked: Asked, paths: Mapping[str, Any], as_json: bool) -> int:
    """Run a task on each picture, and say at the end which could not be done.

    Args:
        asked: Asked. What to do; all is done with the same seed.
        paths: the path of each input, those of the first being several, or a folder.
        as_json: bool. Whether to print a list of manifests.

    Returns:
        The status to end with: 1 if something could not be done.
    """
    first = asked.task.inputs[0].name
    folder = asked.settings.get("output")
    files, left_out = pictures_of(paths[first], folder)
    batch = Batch(files, folder)
    with progress_bar(asked.task.summary) as bar:
        try:
            _run_all(asked, batch, {**paths, first: None}, bar)
        except BaseException:
            if batch.reports:
                click.echo(f"{len(batch.reports)} of {len(files)} pictures were done.", err=True)
            raise
    if batch.reports and batch.folder is not None:
        write_result(batch.folder, {MANIFEST: dumped(batch.facts).encode()})
    told = dumped(batch.facts) if as_json else batch.summary()
    click.echo(told, nl=bool(told) and not as_json)
    if left_out:
        click.echo(f"Left out, because they are not pictures: {left_out}", err=True)
    for path, fault in batch.failures.items():
        click.echo(f"Failed: {path}: {fault}", err=True)
    return 1 if batch.failures else 0


def pictures_of(paths: Sequence[Path], output: Path | None) -> tuple[list[Path], int]:
    """The files to do, those of a folder by name, and how many others are in folders.

    Raises:
        InvalidMedia: a folder has no picture.
        InvalidRequest: the results would go into a folder that is read.
    """
    files: list[Path] = []
    left_out = 0
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        if output is not None and output.exists() and output.samefile(path):
            raise InvalidRequest(
                f"The results would go to the pictures that they are made of, in '{path}'.",
                "Give another folder with -o.",
            )
        seen = [one for one in sorted(path.iterdir()) if one.is_file() and one.name[0] != "."]
        found = [one for one in seen if one.suffix.lower() in SUFFIXES]
        if not found:
            raise InvalidMedia(
                f"There is no picture in '{path}'.", f"Pictures are {', '.join(SUFFIXES)}."
            )
        files += found
        left_out += len(seen) - len(found)
    return files, left_out


def _run_all(asked: Asked, batch: Batch, paths: Mapping[str, Path | None], bar: Bar) -> None:
    first = asked.task.inputs[0].name
    for index, path in enumerate(batch.files):
        bar(index / len(batch.files))
        shown = nullcontext(partial(_part, bar, index, len(batch.files)))
        kept = (*batch.files, *batch.written)
        try:
            report = run_one(asked, {**paths, first: path}, shown, kept, several=True)
        except Misplaced:
            raise
        except (InvalidMedia, InvalidRequest, MediaError) as error:
            told = describe(error)
            batch.failures[path] = f"{told.message} {told.hint}"
            continue
        for note in report.notes:
            click.echo(f"Note: {path}: {note}", err=True)
        batch.add(path, report)
        seed = report.facts["options"].get("seed")
        if seed is not None:
            asked = replace(asked, options={**asked.options, "seed": seed})


def _part(bar: Bar, index: int, count: int, fraction: float) -> None:
    bar((index + fraction) / count)
