"""A plugin for the shell: python color_picture.py drawing.png --count 3"""

import argparse
import sys
import time
from mimetypes import guess_type
from pathlib import Path

from creative_gen_client import CreativeGenError, Job, connect, fields, file, options_of, tasks_for

TASK = "image.colorize"


def main() -> None:
    """Colour a picture as new files beside it; tell what is wrong, and how to mend it."""
    try:
        client = connect(tool="color_picture", start=True)
        tasks = {task["name"]: task for task in tasks_for(client.capabilities(), ["image"])}
        if TASK not in tasks:
            raise CreativeGenError("no_model", "No model colours.", "See: creative-gen assets list")
        options = vars(parser(tasks[TASK]).parse_args())
        picture = Path(options.pop("picture"))
        given = file(picture.read_bytes(), guess_type(picture)[0] or "image/png")
        job = client.submit(TASK, {"image": given}, options, fetch=True)
        watch(job)
        for number, result in enumerate(job.result()["results"], 1):
            new = picture.with_name(f"{picture.stem}-{job.poll()['id'][:8]}-{number}.png")
            new.write_bytes(job.file(result["blob"]))
            print(f"\n{new} (seed {result['details']['seed']})")
    except CreativeGenError as error:
        sys.exit(f"{error.message}\n{error.hint}")
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}")


def parser(task: dict) -> argparse.ArgumentParser:
    """Flags for the options that the server has now."""
    kinds = {"int": int, "float": float, "bool": lambda text: text == "yes"}
    made = argparse.ArgumentParser(description=task["summary"], argument_default=argparse.SUPPRESS)
    made.add_argument("picture", help="such as drawing.png")
    for field in fields(options_of(task)):
        about, kind = field.help.replace("%", "%%"), kinds.get(field.kind, str)
        made.add_argument(f"--{field.name}", type=kind, choices=field.choices or None, help=about)
    return made


def watch(job: Job) -> None:
    """Show how far the job is; Ctrl-C cancels it."""
    try:
        while not job.ended:
            line = "\r{state}, {place} before it, {progress:.0%} ".format(**job.poll())
            print(line, end="", flush=True)
            time.sleep(0.1)
    except KeyboardInterrupt:
        job.cancel()


if __name__ == "__main__":
    main()
