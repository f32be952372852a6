"""Generative models inside the tools artists already use, on their own machines.

    import creative_gen

    engine = creative_gen.open_engine()
    result = engine.run("sketch.generate", category="pig", count=4, seed=7)

Importing this package loads neither NumPy nor any model; `open_engine` finds what is installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creative_gen.engine.engine import Engine

__version__ = "0.1.0"
__all__ = ["__version__", "open_engine"]


def open_engine() -> Engine:
    """An engine that knows every model family and asset installed on this machine."""
    # Here, because an engine loads pydantic and the families.
    from creative_gen.engine.engine import Engine

    return Engine()
