#!/usr/bin/env python3
"""creative_gen in GIMP 3: Filters > Creative Gen."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("GimpUi", "3.0")
from gi.repository import Gimp, GimpUi, GObject  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layers  # noqa: E402
from commands import (  # noqa: E402
    COMMANDS,
    Argument,
    Command,
    command_named,
    follow,
    notes_of,
    options_of,
    title_of,
)
from creative_gen_client import CreativeGenError, connect, file  # noqa: E402

STORED = GObject.ParamFlags.READWRITE


class CreativeGen(Gimp.PlugIn):
    """The commands of `commands.COMMANDS`."""

    def do_query_procedures(self) -> list[str]:
        """Their names."""
        return [command.name for command in COMMANDS]

    def do_set_i18n(self, name: str) -> bool:
        """There are no translations."""
        return False

    def do_create_procedure(self, name: str) -> Any:
        """Describe one to GIMP."""
        command = command_named(name)
        procedure = Gimp.ImageProcedure.new(self, name, Gimp.PDBProcType.PLUGIN, run, None)
        procedure.set_image_types("*")
        procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.DRAWABLE)
        procedure.set_menu_label(command.label)
        procedure.add_menu_path("<Image>/Filters/Creative Gen")
        procedure.set_documentation(command.help, command.help, name)
        procedure.set_attribution("The creative_gen authors", "Apache-2.0", "2026")
        for argument in command.arguments:
            declare(procedure, argument)
        return procedure


def declare(procedure: Any, argument: Argument) -> None:
    """Give a procedure an argument."""
    name, label, default = argument.name, argument.label, argument.default
    if argument.choices:
        choice = Gimp.Choice.new()
        for number, (value, shown) in enumerate(argument.choices):
            choice.add(value, number, shown, shown)
        procedure.add_choice_argument(name, label, label, choice, default, STORED)
    elif isinstance(default, bool):
        procedure.add_boolean_argument(name, label, label, default, STORED)
    elif isinstance(default, str):
        procedure.add_string_argument(name, label, label, default, STORED)
    else:
        add = procedure.add_int_argument
        if isinstance(default, float):
            add = procedure.add_double_argument
        add(name, label, label, argument.least, argument.most, default, STORED)


def run(procedure: Any, mode: Any, image: Any, drawables: list[Any], config: Any, _: object) -> Any:
    """Answer GIMP."""
    command = command_named(procedure.get_name())
    interactive = mode == Gimp.RunMode.INTERACTIVE
    if interactive and not confirmed(procedure, config, command):
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    given = {one.name: config.get_property(one.name) for one in command.arguments}
    # GIMP's Cancel ends the process: before that the job is cancelled.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    Gimp.progress_init("creative_gen")
    try:
        make(command, image, drawables, given, interactive)
    except (CreativeGenError, layers.Unfit) as error:
        sentence, fix = told(error)
        Gimp.message(f"{sentence}\n{fix}")
        return procedure.new_return_values(Gimp.PDBStatusType.CANCEL, None)
    finally:
        Gimp.progress_end()
    return procedure.new_return_values(Gimp.PDBStatusType.SUCCESS, None)


def confirmed(procedure: Any, config: Any, command: Command) -> bool:
    """Show the dialog."""
    GimpUi.init("creative_gen")
    dialog = GimpUi.ProcedureDialog.new(procedure, config, command.label.strip("_.") or None)
    dialog.fill(None)
    agreed = bool(dialog.run())
    dialog.destroy()
    return agreed


def told(error: Exception) -> tuple[str, str]:
    """The sentence and the fix of an error."""
    if isinstance(error, CreativeGenError):
        return error.message, error.hint
    return error.args


def make(
    command: Command, image: Any, drawables: list[Any], given: dict[str, Any], display: bool
) -> None:
    """Send what is needed, wait, and put the results where they belong."""
    layer = layers.checked(image, drawables)
    box = layers.selected(layer) if command.uses_selection else layers.whole(layer)
    inputs, over = {}, layer
    if command.takes:
        inputs["image"] = file(layers.png_of(image, layer, box), "image/png")
    if given.get("hints"):
        over = layers.above(image, layer)
        inputs["hints"] = file(layers.png_of(image, over, box), "image/png")
    client = connect(tool="gimp3", start=True)
    job = client.submit(command.task, inputs, options_of(command, given))
    document = follow(job, show)
    for note in notes_of(document):
        Gimp.message(note)
    results = [
        (client.download(result["blob"]), title_of(command, result["details"]))
        for result in document["results"]
    ]
    if command.opens:
        layers.open_image(*results[0], display)
    else:
        layers.add_layers(image, over, results, box)


def show(share: float, said: str) -> None:
    """Show progress."""
    Gimp.progress_set_text(said)
    Gimp.progress_update(share)


if __name__ == "__main__":
    Gimp.main(CreativeGen.__gtype__, sys.argv)
