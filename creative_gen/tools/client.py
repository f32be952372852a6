"""The plugins' client, loaded as a tool loads it: what it cannot find, no plugin finds."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from creative_gen.tools.plugin import CLIENT, plugins_folder


@cache
def client_module() -> ModuleType:
    """The module of `creative_gen_client.py`."""
    spec = spec_from_file_location("creative_gen_client", plugins_folder() / CLIENT)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(plugins_folder() / CLIENT)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
