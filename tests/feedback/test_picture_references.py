"""Pictures that are written into a text, or named in a way that markdown does not read, become plain references."""

from __future__ import annotations

import pytest

from autograder.feedback.picture_references import escape_names, extract_data_uris

DATA = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"a ![x](data:image/png;base64,{DATA}) b", "a ![x](attachment:picture-1) b"),
        (f"![x](DATA:IMAGE/PNG;BASE64,{DATA})", "![x](attachment:picture-1)"),
        (f'<img src="data:image/jpeg;base64,{DATA}" width=3>', '<img src="attachment:picture-1" width=3>'),
        (f"<img src='data:image/png;charset=utf-8;base64,{DATA}'>", "<img src='attachment:picture-1'>"),
        (f"![x][d]\n\n[d]: data:image/webp;base64,{DATA}\nmore", "![x][d]\n\n[d]: attachment:picture-1\nmore"),
    ],
)
def test_a_picture_in_a_text_becomes_an_attachment(source: str, expected: str) -> None:
    assert extract_data_uris(source, ()) == (expected, {"picture-1": DATA})


def test_a_picture_in_lines_between_quotes_is_one_picture() -> None:
    source, found = extract_data_uris('<img src="data:image/png;base64,AA\n  AA\n">', ())
    assert source == '<img src="attachment:picture-1">'
    assert found["picture-1"].split() == ["AA", "AA"]


def test_names_of_several_pictures_differ_from_each_other_and_from_others() -> None:
    source = f"![x](data:image/png;base64,{DATA}) ![x](data:image/png;base64,{DATA})"
    assert list(extract_data_uris(source, ["picture-1"])[1]) == ["picture-2", "picture-3"]


@pytest.mark.parametrize("source", ["the data:image format", "a $x$ (data: 3, 4)", "[a](data:text/html,x)", ""])
def test_other_text_stays_as_it_is(source: str) -> None:
    assert extract_data_uris(source, ()) == (source, {})


def test_a_name_with_spaces_is_escaped_where_a_picture_is_shown() -> None:
    source = "![x](attachment:my drawing (1).png), my drawing (1).png"
    expected = "![x](attachment:my%20drawing%20%281%29.png), my drawing (1).png"
    assert escape_names(source, ["my drawing (1).png", "plain.png"]) == expected
