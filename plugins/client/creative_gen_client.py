"""Speaks to `creative-gen serve` from inside a tool: one file, nothing but the standard library.

It runs on Python 3.8 and later. Copy it beside your plugin, or let `creative-gen plugins install`
do so. The wire is described in docs/wire.md. A whole plugin is:

    client = connect(tool="mine", start=True)
    job = client.submit("image.upscale", {"image": file(png, "image/png")}, {"scale": 2})
    document = job.result()
    larger = client.download(document["results"][0]["blob"])

`connect` and `result` wait; inside a tool call them in a thread (`later`), and look at
`job.poll()`, which never waits, from the tool's own timer.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import platform
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from typing import Any, Callable, Dict, NamedTuple, Sequence

API = 1
"""The wire's major version that this file speaks."""

RUNTIME = "CREATIVE_GEN_RUNTIME_DIR"
ENDED = ("done", "failed", "cancelled")
START = "Start it: creative-gen serve"
REPORT = "Please report it, with what the tool's own console says."

Document = Dict[str, Any]


class CreativeGenError(Exception):
    """What went wrong, as it should be shown: a sentence, and what to do about it.

    Args:
        code: str. Stable, such as "server_not_running" or those of docs/wire.md.
        message: str. One sentence.
        hint: str. The fix.
        retryable: bool. Whether the same request may succeed later.
    """

    def __init__(self, code: str, message: str, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable

    def document(self) -> Document:
        """The error as the wire writes it."""
        names = ("code", "message", "hint", "retryable")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def of(cls, document: Document) -> CreativeGenError:
        """The error that the wire wrote."""
        return cls(
            str(document.get("code", "fault")),
            str(document.get("message", "The server gave no reason.")),
            str(document.get("hint", "")),
            bool(document.get("retryable", False)),
        )


# Finding the server


def runtime_folder() -> str:
    """Where a running server keeps `server.json`."""
    named, xdg = os.environ.get(RUNTIME), os.environ.get("XDG_RUNTIME_DIR")
    if named:
        return named
    if xdg:
        return os.path.join(xdg, "creative_gen")
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
        return os.path.join(local, "creative_gen", "runtime")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/creative_gen")
    return os.path.join(tempfile.gettempdir(), f"creative_gen-{os.getuid()}")


def find_server(tool: str = "") -> Document:
    """The content of `server.json`.

    Raises:
        CreativeGenError: "server_not_running", "unsafe_folder" or "other_version".
    """
    folder = runtime_folder()
    try:
        _check_owner(folder)
        with open(os.path.join(folder, "server.json"), encoding="utf-8") as file:
            found = json.load(file)
        address = urllib.parse.urlsplit(found["url"])
        if address.hostname not in ("127.0.0.1", "localhost") or not address.port:
            raise ValueError(found["url"])
        check_version(found, tool)
    except (OSError, ValueError, KeyError, TypeError):
        raise _not_running() from None
    return found


def check_version(described: Document, tool: str = "") -> None:
    """Refuse a server of another major version.

    Args:
        described: dict. The content of `server.json`, or what health answers.
        tool: str. Names the plugin in the fix.
    """
    theirs = described["api"]
    if theirs == API:
        return
    version = described.get("version", "of another age")
    message = (
        f"This plugin speaks version {API} of the wire, creative_gen {version} version {theirs}."
    )
    newer = isinstance(theirs, int) and theirs > API
    install = f"Install the plugin again: creative-gen plugins install {tool or 'TOOL'}"
    update = "Stop the server, update creative_gen, and start it: creative-gen serve"
    raise CreativeGenError("other_version", message, install if newer else update)


def _check_owner(folder: str) -> None:
    """Refuse a folder where another user of the machine could have put a server of his own."""
    if sys.platform == "win32":
        return
    found = os.stat(folder)
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise CreativeGenError(
            "unsafe_folder",
            f"The folder '{_private(folder)}' does not belong to you alone.",
            "Delete it, and start the server again: creative-gen serve",
        )


def _not_running() -> CreativeGenError:
    return CreativeGenError("server_not_running", "The server is not running.", START, True)


# Starting it


def start_command() -> list[str]:
    """How the server is started: as `plugins install` wrote beside this file, else from PATH."""
    command = _installed().get("command")
    if isinstance(command, list) and command and shutil.which(str(command[0])):
        return [str(part) for part in command]
    found = shutil.which("creative-gen")
    if found:
        return [found, "serve"]
    raise CreativeGenError(
        "server_not_found",
        "This plugin does not find creative-gen, so it cannot start the server.",
        "Start it in a terminal (creative-gen serve), or install the plugin again from there.",
    )


def start_server(timeout: float = 60.0, tool: str = "") -> Document:
    """Start the server, detached from the tool, and wait until it answers.

    Args:
        timeout: float. Seconds to wait.
        tool: str. Names the plugin in errors.

    Returns:
        The content of `server.json`.
    """
    command = start_command()
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(
                command,
                env=_clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                **_detached(),
            )
        except OSError as error:
            raise CreativeGenError("server_not_started", str(error), START) from None
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            ended = process.poll() is not None
            found = _answering(tool)
            if found is not None:
                # It outlives the tool: nobody waits for it, and that is meant.
                process.returncode = process.returncode or 0
                return found
            if ended:
                said.seek(0)
                raise _start_failed(said.read().decode("utf-8", "replace"))
            time.sleep(0.1)
    raise CreativeGenError(
        "server_not_started",
        f"The server did not answer within {timeout:.0f} seconds of its start.",
        "See what it says in a terminal: creative-gen serve",
        True,
    )


def _start_failed(said: str) -> CreativeGenError:
    """What the command line said, a sentence and its fix, as this file's error."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if line.startswith("Error: "):
            return CreativeGenError("server_not_started", line[7:], "\n".join(lines[index + 1 :]))
    last = _private(lines[-1]) if lines else "It said nothing"
    return CreativeGenError(
        "server_not_started",
        f"The server ended while it started: {last}",
        "See what it says in a terminal: creative-gen serve",
    )


def _answering(tool: str) -> Document | None:
    """The running server, if it answers and says that it is ready."""
    try:
        with Client(tool) as client:
            return client.server if client.health()["state"] == "ready" else None
    except CreativeGenError as error:
        if error.code in ("server_not_running", "no_answer"):
            return None
        raise


def _installed() -> Document:
    """What `plugins install` wrote beside this file, if it did."""
    folder = os.path.dirname(os.path.abspath(__file__))
    try:
        with open(os.path.join(folder, "creative_gen_server.json"), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _clean_environment() -> dict[str, str]:
    """This process's environment without the paths by which a tool finds its own Python."""
    dropped = {"PYTHONHOME", "PYTHONPATH"}
    if "APPDIR" in os.environ or "SNAP" in os.environ:
        dropped |= {"LD_LIBRARY_PATH", "LD_PRELOAD"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    needed = _installed().get("environment", {})
    return {**kept, **{str(name): str(value) for name, value in needed.items()}}


def _detached() -> Document:
    """Arguments of Popen, so that the server outlives the tool."""
    if sys.platform == "win32":
        # DETACHED_PROCESS, CREATE_NEW_PROCESS_GROUP
        return {"creationflags": 0x00000008 | 0x00000200}
    return {"start_new_session": True}


# Speaking to it


class File(NamedTuple):
    """An input that is sent as a file; `data` is bytes, or a function that makes them."""

    data: Any
    content_type: str


def file(data: bytes | Callable[[], bytes], content_type: str = "image/png") -> File:
    """An input for `Client.submit`: bytes, or a function that the job's thread has make them."""
    return File(data, content_type)


def connect(tool: str = "", start: bool = False, timeout: float = 60.0) -> Client:
    """A client of the running server, which is started if `start` says so.

    Raises:
        CreativeGenError: there is none, it is of another version, or it does not start.
    """
    client = Client(tool)
    try:
        client.health()
    except CreativeGenError as error:
        client.close()
        if not start or error.code != "server_not_running":
            raise
        start_server(timeout, tool)
        client.health()
    return client


class Client:
    """A connection to the server, kept alive; threads may share it.

    Args:
        tool: str. Who asks, for the server's history: "krita".
        timeout: float. Seconds without an answer after which the server counts as gone.
    """

    def __init__(self, tool: str = "", timeout: float = 40.0) -> None:
        self.tool = tool
        self.timeout = timeout
        self.server: Document = {}
        self._idle: list[http.client.HTTPConnection] = []
        self._closings = 0
        self._lock = threading.Lock()
        self._capabilities: Document | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the idle connections; the client can be used again."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._closings += 1
        for connection in idle:
            connection.close()

    def health(self) -> Document:
        """Ask how the server is, of whatever version; refuse one of another."""
        try:
            found = self.ask("GET", "/v1/health")
            if found["name"] != "creative_gen":
                raise _not_running()
            check_version(found, self.tool)
        except (KeyError, TypeError):
            raise _not_running() from None
        return found

    def capabilities(self, fresh: bool = False) -> Document:
        """What can be asked for; asked once, and again when `fresh`."""
        if self._capabilities is None or fresh:
            self._capabilities = self.ask("GET", "/v1/capabilities")
        return self._capabilities

    def upload(self, data: bytes, content_type: str = "image/png") -> str:
        """Send a file; its id."""
        return str(self.ask("POST", "/v1/blobs", data, content_type)["id"])

    def download(self, blob: str) -> bytes:
        """The bytes of a file."""
        return self._exchange("GET", f"/v1/blobs/{blob}", None, "")

    def submit(
        self,
        task: str,
        inputs: Document | None = None,
        options: Document | None = None,
        asset: str | None = None,
        format: str | None = None,
        on_change: Callable[[Document], None] | None = None,
        fetch: bool = False,
    ) -> Job:
        """Ask for a job; it is sent and watched in a thread, so this returns at once.

        Args:
            task: str. Such as "image.colorize".
            inputs: dict. Each a `file(...)`, `{"sketch": ...}` or `{"blob": id}`.
            options: dict. Only what differs from the defaults.
            asset: str. The server chooses if it is left out.
            format: str. Of the results, such as "png" or "svg".
            on_change: function. Called with the job document in the job's thread.
            fetch: bool. Whether the job downloads its previews and results, for `Job.file`.
        """
        request = {"task": task, "inputs": inputs or {}, "options": options or {}}
        more = {"asset": asset, "format": format, "tool": self.tool}
        request.update({name: value for name, value in more.items() if value})
        return self.repeat(request, on_change, fetch)

    def repeat(
        self,
        request: Document,
        on_change: Callable[[Document], None] | None = None,
        fetch: bool = False,
    ) -> Job:
        """Ask for what a job document's `request` says."""
        return Job(self, {k: v for k, v in request.items() if v}, on_change, fetch)

    def history(self, limit: int = 50, before: str | None = None) -> Document:
        """Ended jobs, the newest first."""
        asked = {"limit": str(limit), **({"before": before} if before else {})}
        return self.ask("GET", "/v1/history?" + urllib.parse.urlencode(asked))

    def ask(self, method: str, path: str, body: Any = None, content_type: str = "") -> Any:
        """One request: JSON, or a file, in; JSON out.

        Raises:
            CreativeGenError: whatever goes wrong.
        """
        if body is not None and not content_type:
            body, content_type = json.dumps(body).encode("utf-8"), "application/json"
        answer = self._exchange(method, path, body, content_type)
        try:
            return json.loads(answer.decode("utf-8")) if answer else {}
        except ValueError:
            raise _not_running() from None

    def _exchange(self, method: str, path: str, body: Any, content_type: str) -> bytes:
        """Send a request; look once whether the server was restarted since `server.json` was read.

        A restarted server has another address or token.
        """
        if not self.server:
            self.server = find_server(self.tool)
        asked = self.server
        try:
            return self._send(asked, method, path, body, content_type)
        except CreativeGenError as error:
            if error.code not in ("server_not_running", "wrong_token"):
                raise
            found = find_server(self.tool)
            if (found["url"], found["token"]) == (asked["url"], asked["token"]):
                raise _told_for_tools(error) from None
            self.close()
            self.server, self._capabilities = found, None
            return self._send(found, method, path, body, content_type)

    def _send(
        self, server: Document, method: str, path: str, body: Any, content_type: str
    ) -> bytes:
        headers = {"Authorization": "Bearer " + server["token"]}
        if content_type:
            headers["Content-Type"] = content_type
        closings = self._closings
        connection = self._connection(server["url"])
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
        except socket.timeout:
            connection.close()
            raise CreativeGenError(
                "no_answer",
                f"The server has not answered for {self.timeout:.0f} seconds.",
                "Stop it (Ctrl+C in its terminal), and start it again: creative-gen serve",
                True,
            ) from None
        except (OSError, http.client.HTTPException):
            connection.close()
            raise _not_running() from None
        self._keep(connection, closings)
        if status >= 400:
            raise _error_of(status, content)
        return content

    def _keep(self, connection: http.client.HTTPConnection, closings: int) -> None:
        """Keep a connection for the next request, unless the client was closed meanwhile."""
        with self._lock:
            kept = closings == self._closings
            if kept:
                self._idle.append(connection)
        if not kept:
            connection.close()

    def _connection(self, url: str) -> http.client.HTTPConnection:
        """An idle connection that is still open, or a new one."""
        address = urllib.parse.urlsplit(url)
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                return _Connection(str(address.hostname), address.port, timeout=self.timeout)
            same = (connection.host, connection.port) == (address.hostname, address.port)
            # What is readable before anything was asked is the server's end of the connection.
            if same and connection.sock and not select.select([connection.sock], [], [], 0)[0]:
                return connection
            connection.close()


def _told_for_tools(error: CreativeGenError) -> CreativeGenError:
    """The error with what helps in a tool, where nobody types a token."""
    if error.code == "wrong_token":
        error.hint = "Stop the server, and start it again: creative-gen serve"
    return error


class _Connection(http.client.HTTPConnection):
    """A connection that sends at once what it is given: waiting for more takes 40 ms."""

    def connect(self) -> None:
        super().connect()
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _error_of(status: int, content: bytes) -> CreativeGenError:
    try:
        return CreativeGenError.of(json.loads(content.decode("utf-8"))["error"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return CreativeGenError(
            "fault", f"The server answered with status {status} and no reason.", START
        )


# Jobs


class Call:
    """A function that runs in a thread of its own."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._value: Any = None
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._function, self._arguments = function, arguments
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether `result` would not wait."""
        return self._ended.is_set()

    def result(self, timeout: float | None = None) -> Any:
        """What the function returned; raises what it raised."""
        if not self._ended.wait(timeout):
            raise CreativeGenError("no_answer", "It takes longer than expected.", "", True)
        if self._error is not None:
            raise self._error
        return self._value

    def _run(self) -> None:
        try:
            self._value = self._function(*self._arguments)
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()


def later(function: Callable[..., Any], *arguments: Any) -> Call:
    """Run a function in a thread: `call.done` never waits, and `call.result()` has what it gave."""
    return Call(function, *arguments)


class Job:
    """A job that is sent and watched in a thread; made by `Client.submit`."""

    def __init__(
        self,
        client: Client,
        request: Document,
        on_change: Callable[[Document], None] | None,
        fetch: bool,
    ) -> None:
        self._client, self._request = client, request
        self._on_change, self._fetch = on_change, fetch
        self._files: dict[str, bytes] = {}
        self._former: dict[str, bytes] = {}
        self._cancelled = threading.Event()
        self._document: Document = {
            "id": "",
            "revision": 0,
            "task": request.get("task", ""),
            "state": "sending",
            "place": 0,
            "progress": 0.0,
            "preview": [],
            "results": [],
            "error": None,
        }
        self._call = later(self._run)

    def poll(self) -> Document:
        """The job document as it is now; never waits, never raises.

        `state` is "sending" until the server has the job. `error` is there when it failed,
        also if the server is gone.
        """
        return self._document

    @property
    def ended(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self._document["state"] in ENDED

    def cancel(self) -> None:
        """Cancel it; returns at once. An ended job stays as it is."""
        if not self._cancelled.is_set():
            self._cancelled.set()
            if self._document["id"]:
                later(self._cancel)

    def result(self, timeout: float | None = None) -> Document:
        """Wait for the job document of a job that is done.

        Raises:
            CreativeGenError: it failed, or it was cancelled ("cancelled").
        """
        self._call.result(timeout)
        if self._document["state"] == "failed":
            raise CreativeGenError.of(self._document["error"] or {})
        if self._document["state"] == "cancelled":
            raise CreativeGenError("cancelled", "It was cancelled.", "Ask for it again.", True)
        return self._document

    def file(self, blob: str) -> bytes:
        """The bytes of a preview or a result, for jobs with `fetch`."""
        return self._files[blob]

    def _run(self) -> None:
        try:
            inputs = {k: self._sent(v) for k, v in self._request.get("inputs", {}).items()}
            if self._cancelled.is_set():
                self._publish({**self._document, "state": "cancelled"})
                return
            document = self._client.ask("POST", "/v1/jobs", {**self._request, "inputs": inputs})
            self._publish(document)
            if self._cancelled.is_set():
                self._cancel()
            address = f"/v1/jobs/{document['id']}?wait=10&since="
            while document["state"] not in ENDED:
                document = self._client.ask("GET", f"{address}{document['revision']}")
                self._publish(document)
        except CreativeGenError as error:
            self._fail(error)
        except Exception as error:
            # What made an input, or was told of a change: `poll` has to see an end of it, too.
            self._fail(CreativeGenError("fault", f"The plugin has a fault: {error!r}.", REPORT))
            raise

    def _fail(self, error: CreativeGenError) -> None:
        self._publish({**self._document, "state": "failed", "error": error.document()})

    def _sent(self, given: Any) -> Any:
        """An input as the wire has it."""
        if not isinstance(given, File):
            return given
        data = given.data() if callable(given.data) else given.data
        return {"blob": self._client.upload(data, given.content_type)}

    def _publish(self, document: Document) -> None:
        """Let `poll` see a document, when its files are there."""
        if self._fetch and document["state"] != "failed":
            named = [*(document.get("preview") or []), *(document.get("results") or [])]
            blobs = [entry["blob"] for entry in named if entry.get("blob")]
            have = self._files
            new = {b: have.get(b) or self._client.download(b) for b in blobs}
            # Those of the document before stay one round longer: somebody may just look at it.
            self._files = {**self._former, **new}
            self._former = new
        self._document = document
        if self._on_change is not None:
            self._on_change(document)

    def _cancel(self) -> None:
        # It may have ended, and what else is wrong the watching thread tells.
        with contextlib.suppress(CreativeGenError):
            self._client.ask("DELETE", f"/v1/jobs/{self._document['id']}")


# What a tool's panel shows


class Field(NamedTuple):
    """An option, as simple as a tool's widgets are.

    Args:
        name: str. Its name in `options`.
        label: str. For people.
        kind: str. "int", "float", "bool", "choice" or "text".
        default: what it is if it is left out; None where the model decides.
        minimum: its least value, for numbers; may be None.
        maximum: its greatest value, for numbers; may be None.
        choices: tuple. The values of a choice.
        help: str. One or two sentences.
        optional: bool. Whether it may be left out, None.
    """

    name: str
    label: str
    kind: str
    default: Any
    minimum: Any
    maximum: Any
    choices: Sequence[Any]
    help: str
    optional: bool


def fields(schema: Document) -> list[Field]:
    """The options of a JSON Schema, in its order: a widget each.

    Args:
        schema: dict. The `options` of a task or of its asset, see `options_of`.
    """
    return [
        _field(name, one, schema.get("$defs", {}))
        for name, one in schema.get("properties", {}).items()
    ]


def _field(name: str, given: Document, shared: Document) -> Field:
    branches = [_resolved(one, shared) for one in given.get("anyOf", [given])]
    typed = [one for one in branches if one.get("type") != "null"] or [{}]
    # A number or a word, say: what takes everything is text.
    one = typed[0] if len(typed) == 1 else {"type": "string"}
    choices = tuple(one.get("enum", ()))
    kinds = {"integer": "int", "number": "float", "boolean": "bool"}
    return Field(
        name,
        str(given.get("title") or name).replace("_", " ").strip().capitalize(),
        "choice" if choices else kinds.get(str(one.get("type")), "text"),
        given.get("default"),
        one.get("minimum", one.get("exclusiveMinimum")),
        one.get("maximum", one.get("exclusiveMaximum")),
        choices,
        str(given.get("description") or one.get("description") or ""),
        len(typed) < len(branches),
    )


def _resolved(schema: Document, shared: Document) -> Document:
    """A schema in place of a reference to it."""
    reference = str(schema.get("$ref", ""))
    return shared.get(reference.rsplit("/", 1)[-1], {}) if reference else schema


def tasks_for(
    capabilities: Document, media: Sequence[str], outputs: Sequence[str] | None = None
) -> list[Document]:
    """The tasks that a tool can ask for: models are there, and it has what they need.

    Args:
        capabilities: dict. What `Client.capabilities` gave.
        media: which media the tool can give: "sketch", "image", "audio", "music".
        outputs: which it can take; the same if left out. "labels" is one.
    """
    wanted = media if outputs is None else outputs
    return [
        task
        for task in capabilities["tasks"]
        if task["assets"]
        and task["output"] in wanted
        and all(one["medium"] in media for one in task["inputs"] if one["required"])
    ]


_VERBS = {"complete": "Finish", "upscale": "Enlarge", "classify": "Name", "interpolate": "Morph"}
_NOUNS = {"sketch": "Drawing", "image": "Picture", "audio": "Sound"}
_TITLES = {
    "sketch.generate": "Draw Something",
    "sketch.interpolate": "Draw Between Two",
    "sketch.reconstruct": "Vary Drawing",
    "image.map": "Map Pictures",
    "audio.render": "Play Notes",
}


def title(task: str) -> str:
    """What people call a task: "Finish Drawing" for "sketch.complete".

    Args:
        task: str. Its name; one that this file does not know is put into words, too.
    """
    if task in _TITLES:
        return _TITLES[task]
    group, _, verb = task.partition(".")
    words = [_VERBS.get(verb, verb.capitalize()), _NOUNS.get(group, group.capitalize())]
    return " ".join(words).replace("_", " ").strip()


def choices_of(
    capabilities: Document, task: Document, option: str, asset: str | None = None
) -> list[str]:
    """What the assets know that an option, whose schema takes any text, may be; [] if nothing.

    Args:
        capabilities: dict. What `Client.capabilities` gave.
        task: dict. One of its tasks.
        option: str. The option's name: that of a category, or "direction".
        asset: str. Only what this one knows.
    """
    if option == "direction":
        known = "directions"
    elif option == task.get("category_option"):
        known = "categories"
    else:
        return []
    names = [asset] if asset else [one["name"] for one in task["assets"]]
    assets = [one for one in capabilities["assets"] if one["name"] in names]
    return sorted({name for one in assets for name in one.get(known) or ()})


def options_of(task: Document, asset: str | None = None) -> Document:
    """The JSON Schema of a task's options, or of its asset's own."""
    for one in task["assets"]:
        if one["name"] == asset and "options" in one:
            return dict(one["options"])
    return dict(task["options"])


def diagnostics(tool: str = "", version: str = "", error: Document | None = None) -> str:
    """Text to paste into a report: what is there and what is wrong; no token, no private paths.

    Args:
        tool: str. The plugin's name.
        version: str. The tool's own version.
        error: dict. The error that was shown last.
    """
    lines = [
        f"creative_gen plugin {tool or 'of no name'}, wire version {API}",
        f"{version or 'tool of unknown version'}, Python {platform.python_version()}, "
        + platform.platform(terse=True),
    ]
    try:
        with Client(tool, timeout=5) as client:
            health, found = client.health(), client.capabilities()
            assets = ", ".join(asset["name"] for asset in found["assets"]) or "none"
            lines.append(f"server {health['version']} is {health['state']}; assets: {assets}")
    except CreativeGenError as wrong:
        lines.append(f"server: {wrong.code}: {wrong.message} {wrong.hint}")
    if error:
        lines.append("last error: {code}: {message} {hint}".format(**{"hint": "", **error}))
    return _private("\n".join(lines))


def _private(text: str) -> str:
    """A text without the user's folders."""
    home = os.path.expanduser("~")
    if len(home) > 1:
        text = text.replace(home, "~")
    return re.sub(r"((?:/|[A-Za-z]:\\)(?:Users|home)[/\\])[^/\\\s'\"]+", r"\1...", text)
