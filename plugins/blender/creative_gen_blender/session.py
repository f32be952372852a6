"""What the add-on knows of the server: one for the whole of Blender."""

from __future__ import annotations

from typing import Any

from .creative_gen_client import Call, Client, CreativeGenError, connect, later, tasks_for

TOOL = "blender"

MEDIA = ("sketch", "image")


class Session:
    """The connection, what can be asked for, and what went wrong last."""

    def __init__(self) -> None:
        self.client: Client | None = None
        self.capabilities: dict[str, Any] = {}
        self.error: dict[str, Any] | None = None
        self.connecting: Call | None = None

    def connect(self) -> Client:
        """The client; starts the server if it is not running, and may wait for it.

        Raises:
            CreativeGenError: there is no server, and it does not start.
        """
        if self.client is not None and self._answers(self.client):
            return self.client
        client = connect(TOOL, start=True)
        self.capabilities = client.capabilities()
        self.client = client
        return client

    @staticmethod
    def _answers(client: Client) -> bool:
        try:
            client.health()
        except CreativeGenError:
            client.close()
            return False
        return True

    def start(self) -> None:
        """Begin to connect; see `look`."""
        self.error = None
        self.connecting = later(self.connect)

    def look(self) -> bool:
        """Whether connecting has ended; never waits."""
        if self.connecting is None or not self.connecting.done:
            return self.connecting is None
        try:
            self.connecting.result()
        except CreativeGenError as error:
            self.fail(error)
        self.connecting = None
        return True

    def fail(self, error: CreativeGenError) -> None:
        """Remember an error for the panel."""
        self.error = error.document()
        if error.code in ("server_not_running", "wrong_token", "no_answer", "other_version"):
            self.client = None

    def tasks(self, medium: str) -> list[dict[str, Any]]:
        """The tasks on drawings or on pictures that can be asked for, by their capabilities."""
        found = tasks_for(self.capabilities, (medium,)) if self.capabilities else []
        return [task for task in found if len(required(task)) <= 1]


def required(task: dict[str, Any]) -> list[dict[str, Any]]:
    """The inputs without which there is nothing to do."""
    return [one for one in task["inputs"] if one["required"]]


session = Session()
