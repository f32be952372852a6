"""Results and capabilities as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from creative_gen.interface.jobs import Chunk, Origin, Output, Result
from creative_gen.interface.options import Options
from creative_gen.interface.tasks import Task
from creative_gen.interface.values import Labels


def provenance(origin: Origin, made: Output | Chunk) -> dict[str, Any]:
    """What it takes to make one value again: the request, the seed and the asset.

    Args:
        origin: Origin. A result, or that of a job whose result is not there yet.
        made: one of its outputs, or an output's first chunk.
    """
    return {"creative_gen": _request(origin) | {"output": dict(made.details)}}


def manifest(result: Result, names: Sequence[str], files: Sequence[str] = ()) -> dict[str, Any]:
    """A whole result.

    Args:
        result: Result. What was made.
        names: each output's own file, where it has one.
        files: every file that was written.
    """
    outputs = []
    for index, output in enumerate(result.outputs):
        entry: dict[str, Any] = {"file": names[index]} if index < len(names) else {}
        if isinstance(output.value, Labels):
            entry["labels"] = json_of_labels(output.value)
        noted = {"notes": list(output.notes)} if output.notes else {}
        outputs.append(entry | dict(output.details) | noted)
    return _request(result) | {"outputs": outputs, "files": sorted(files)}


def json_of_labels(labels: Labels) -> list[dict[str, Any]]:
    """Each name and its probability, the most probable first."""
    return [
        {"name": label.name, "probability": round(label.probability, 6)} for label in labels.labels
    ]


def capability(
    task: Task, options: type[Options], assets: Mapping[str, type[Options]]
) -> dict[str, Any]:
    """What can be asked for: a task's inputs, output, options (JSON Schema) and assets.

    `category_option` names the option that takes one of an asset's categories, null without one.

    Args:
        task: Task. What it is of.
        options: the task's own options.
        assets: the options that an asset's family takes, by the asset's name. Their schema is
            given where it is not the task's.
    """
    return {
        "name": task.name,
        "summary": task.summary,
        "inputs": [
            {
                "name": one.name,
                "medium": one.medium,
                "help": one.help,
                "required": one.required,
            }
            for one in task.inputs
        ],
        "output": task.output,
        "category_option": task.category_option,
        "options": options.model_json_schema(),
        "assets": [
            {"name": name} | ({} if own is options else {"options": own.model_json_schema()})
            for name, own in assets.items()
        ],
    }


def dumped(document: Any) -> str:
    """JSON text, the same for the same content."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _request(origin: Origin) -> dict[str, Any]:
    return {
        "version": origin.version,
        "task": origin.task,
        "asset": origin.asset,
        "asset_sha256": origin.asset_sha256,
        "data_licence": origin.licence,
        "inputs": dict(origin.inputs),
        "options": dict(origin.options),
    }
