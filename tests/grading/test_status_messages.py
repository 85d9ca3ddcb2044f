"""What students read about a status: sentences that can be filled in."""

from __future__ import annotations

import string

import pytest

from autograder.grading import status_messages

MESSAGES = {name: text for name, text in vars(status_messages).items() if name.isupper()}
FIELDS = {
    **{"error": "No sandbox", "seconds": 5.0, "function": "softmax", "place": "code cell 2", "earned": 1, "total": 3},
    **{"problem": "raised KeyError", "advice": "Fix that cell.", "modules": "scipy", "names": "np"},
}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message_is_a_sentence_once_it_is_filled_in(name: str) -> None:
    fields = {field for _, field, _, _ in string.Formatter().parse(MESSAGES[name]) if field}
    assert fields <= FIELDS.keys()
    text = MESSAGES[name].format(**FIELDS)
    assert text[0].isupper() or text.startswith(("softmax", "1 of 3", "code cell 2"))
    assert text.endswith(".")
    assert "{" not in text
