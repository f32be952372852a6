"""Reads the TOML files that say what is trained, and how."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from creative_gen.interface.errors import InvalidRequest

Recipe = TypeVar("Recipe", bound=BaseModel)


def read_recipe_file(path: Path, kind: type[Recipe]) -> Recipe:
    """Read a recipe of a kind.

    Raises:
        InvalidRequest: the file cannot be read or is not such a recipe.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        message = f"The recipe {path} cannot be read: {error.strerror}."
        raise InvalidRequest(message, "Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"The recipe {path} is not TOML: {error}.", "Correct it.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        message = f"The recipe {path} is wrong at '{where}': {first['msg']}."
        raise InvalidRequest(message, "Correct it.") from error
