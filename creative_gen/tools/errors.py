"""What can go wrong with a tool's plugin."""

from __future__ import annotations

from creative_gen.interface.errors import CreativeGenError


class UnknownTool(CreativeGenError):
    """There is no plugin for a tool of that name."""

    code = "unknown_tool"


class ToolNotFound(CreativeGenError):
    """The tool's folder is not where it usually is."""

    code = "tool_not_found"


class NotInstalled(CreativeGenError):
    """A plugin is not installed."""

    code = "not_installed"


class InstallFailed(CreativeGenError):
    """A plugin cannot be put where the tool looks for it, or not taken away."""

    code = "install_failed"
