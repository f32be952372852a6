from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.options import MAX_SEED
from creative_gen.latent.formula import Term, parsed

VALUES: dict[str | int, float] = {"image": 3.0, "a": 5.0, "b": 7.0, "c": 11.0}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("image", [Term(1, "image")]),
        (" a-b +c ", [Term(1, "a"), Term(-1, "b"), Term(1, "c")]),
        ("A - B + C", [Term(1, "a"), Term(-1, "b"), Term(1, "c")]),
        ("0.5*image + 0.5*7", [Term(0.5, "image"), Term(0.5, 7)]),
        ("7", [Term(1, 7)]),
        ("-7 + 8", [Term(-1, 7), Term(1, 8)]),
        ("2*7", [Term(2, 7)]),
        (".5*a - a*2", [Term(0.5, "a"), Term(-2, "a")]),
        ("a \u2212 3 \u00d7 b", [Term(1, "a"), Term(-3, "b")]),
        (f"{MAX_SEED}", [Term(1, MAX_SEED)]),
        ("0*a", [Term(0, "a")]),
    ],
)
def test_a_sum_is_read(text: str, terms: list[Term]) -> None:
    assert list(parsed(text)) == terms


@given(
    st.lists(
        st.tuples(
            st.sampled_from("+-"),
            st.sampled_from(["", "2*", "0.25*", "10 * "]),
            st.sampled_from(["image", "a", "b", "c"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_sum_is_worth_what_python_says(parts: list[tuple[str, str, str]]) -> None:
    text = " ".join(f"{sign} {factor}{name}" for sign, factor, name in parts)
    worth = sum(term.factor * VALUES[term.of] for term in parsed(text))
    assert worth == pytest.approx(eval(text, {}, VALUES))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fault", "place"),
    [
        ("", "missing", 1),
        ("   ", "missing", 4),
        ("a -", "missing", 4),
        ("a b", "no + or -", 3),
        ("a -- b", "missing before '-'", 4),
        ("* a", "missing before '*'", 1),
        ("a * b", "multiplied", 5),
        ("a / b", "'/' is not understood", 3),
        ("(a + b)", "'(' is not understood", 1),
        ("a + \u00e9", "'\u00e9' is not understood", 5),
        ("0.5", "no seed", 1),
        ("7*0.5", "factors come first", 3),
        ("a + 0.5", "no seed", 5),
        ("2*3*a", "no + or -", 4),
        ("5000*a", "at most 1000", 1),
        (f"{MAX_SEED + 1}", "at most", 1),
        ("a; import os", "';'", 2),
        ("a.b", "'.' is not understood", 2),
    ],
)
def test_what_is_no_sum_is_told_with_the_place(text: str, fault: str, place: int) -> None:
    with pytest.raises(InvalidRequest) as error:
        parsed(text)
    assert fault in error.value.message
    assert error.value.message.endswith(f"at character {place}.")
    assert "a - b + c" in error.value.hint


@given(st.text(max_size=60))
def test_any_other_text_is_an_error_and_no_crash(text: str) -> None:
    with contextlib.suppress(InvalidRequest):
        assert parsed(text)
