"""Results and capabilities as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from creative_gen.interface.jobs import Output, Result
from creative_gen.interface.tasks import Task
from creative_gen.interface.values import Labels


def provenance(result: Result, output: Output) -> dict[str, Any]:
    """What it takes to make one value again: the request, the seed and the asset."""
    return {
        "creative_gen": {
            "task": result.task,
            "asset": result.asset,
            "asset_sha256": result.asset_sha256,
            "data_licence": result.licence,
            "options": dict(result.options),
            **output.details,
        }
    }


def manifest(result: Result, files: Sequence[str]) -> dict[str, Any]:
    """A whole result: the request, and each output with the file that it went to."""
    outputs = []
    for index, output in enumerate(result.outputs):
        entry: dict[str, Any] = {"file": files[index]} if index < len(files) else {}
        if isinstance(output.value, Labels):
            entry["labels"] = [
                {"name": label.name, "probability": round(label.probability, 6)}
                for label in output.value.labels
            ]
        outputs.append(entry | dict(output.details))
    return {
        "task": result.task,
        "asset": result.asset,
        "asset_sha256": result.asset_sha256,
        "data_licence": result.licence,
        "options": dict(result.options),
        "outputs": outputs,
    }


def capabilities(assets_by_task: Iterable[tuple[Task, Sequence[str]]]) -> dict[str, Any]:
    """What can be asked for: each task's inputs, output, options (JSON Schema) and assets."""
    return {
        "tasks": [
            {
                "name": task.name,
                "summary": task.summary,
                "inputs": [
                    {"name": one.name, "medium": one.medium, "help": one.help}
                    for one in task.inputs
                ],
                "output": task.output,
                "options": task.options.model_json_schema(),
                "assets": list(assets),
            }
            for task, assets in assets_by_task
        ]
    }


def dumped(document: Any) -> str:
    """JSON text, the same for the same content."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
