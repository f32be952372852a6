"""Sums of pictures and seeds, such as "a - b + c", to be worked out in a latent space.

Vector arithmetic on images is from Radford, Metz and Chintala (2016), section 6.3.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.options import MAX_SEED

HINT = "Write a sum of pictures and seeds, such as 'a - b + c' or '0.5*image + 0.5*7'."

MAX_FACTOR = 1000.0

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*|\.\d+)|(?P<name>[A-Za-z]+)|(?P<sign>[-+*\u2212\u00d7]))"
)
_SIGNS = {"\u2212": "-", "\u00d7": "*"}


@dataclass(frozen=True)
class Term:
    """A part of a sum.

    Args:
        factor: float. Its sign included.
        of: the name of a picture, or a seed.
    """

    factor: float
    of: str | int


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


def parsed(text: str) -> tuple[Term, ...]:
    """The terms of a sum.

    A term is a name or a seed, alone or after a factor: "2*7" is twice what the seed 7 gives. A
    factor may follow a name, too. Small and capital letters are the same.

    Raises:
        InvalidRequest: the text is not such a sum; the error tells where.
    """
    tokens = _tokens(text)
    terms: list[Term] = []
    while tokens or not terms:
        sign = 1.0
        if tokens and tokens[0].text in "+-":
            sign = -1.0 if tokens.pop(0).text == "-" else 1.0
        elif terms:
            raise _unread(text, tokens[0].place, "there is no + or - between two terms")
        terms.append(_term(text, tokens, sign))
    return tuple(terms)


def _term(text: str, tokens: list[_Token], sign: float) -> Term:
    first = _operand(text, tokens)
    if not (tokens and tokens[0].text == "*"):
        return Term(sign, _picture_or_seed(text, first))
    tokens.pop(0)
    second = _operand(text, tokens)
    if first.kind == "name":
        first, second = second, first
    if first.kind == "name":
        raise _unread(text, first.place, "two pictures cannot be multiplied")
    factor = float(first.text)
    if factor > MAX_FACTOR:
        raise _unread(text, first.place, f"a factor is at most {MAX_FACTOR:g}")
    return Term(sign * factor, _picture_or_seed(text, second))


def _operand(text: str, tokens: list[_Token]) -> _Token:
    if not tokens:
        raise _unread(text, len(text), "a picture or a seed is missing")
    if tokens[0].kind == "sign":
        raise _unread(
            text, tokens[0].place, f"a picture or a seed is missing before {tokens[0].text!r}"
        )
    return tokens.pop(0)


def _picture_or_seed(text: str, token: _Token) -> str | int:
    if token.kind == "name":
        return token.text.lower()
    if not token.text.isdigit():
        raise _unread(text, token.place, f"{token.text} is no seed, and factors come first")
    if int(token.text) > MAX_SEED:
        raise _unread(text, token.place, f"a seed is at most {MAX_SEED}")
    return int(token.text)


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if found is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise _unread(text, place, f"{text[place]!r} is not understood")
        kind = str(found.lastgroup)
        token = found[kind]
        tokens.append(_Token(kind, _SIGNS.get(token, token), found.start(kind)))
        place = found.end()
    return tokens


def _unread(text: str, place: int, fault: str) -> InvalidRequest:
    message = f"'{text}' is not a sum: {fault}, at character {place + 1}."
    return InvalidRequest(message, HINT)
