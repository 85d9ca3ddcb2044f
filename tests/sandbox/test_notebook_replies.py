"""Outputs and files of a notebook's process are taken only in the form that they may have."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from autograder.sandbox.inside.wire import ProtocolError
from autograder.sandbox.notebook_replies import decode_count, decode_files, decode_outputs

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"[1]",
        b"[" + b"{}," * 1000 + b"{}]",
        b'[{"output_type": "stream", "name": "other", "text": ""}]',
        b'[{"output_type": "stream", "name": "stdout", "text": 1}]',
        b'[{"output_type": "error", "ename": "E", "evalue": "", "traceback": [1]}]',
        b'[{"output_type": "display_data", "data": {"image/png": "\\"><script>"}}]',
        b'[{"output_type": "display_data", "data": {"text/plain": ["1"]}}]',
    ],
    ids=lambda payload: payload[:60].decode(),
)
def test_outputs_of_another_form_are_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_outputs(payload)


def test_only_text_and_pictures_of_displayed_data_are_kept() -> None:
    data = f'{{"text/plain": "x", "text/html": "<b>", "image/png": "{PNG}"}}'
    (output,) = decode_outputs(f'[{{"output_type": "display_data", "data": {data}}}]'.encode())
    assert output == {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "x", "image/png": PNG}}


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    (output,) = decode_outputs(rb'[{"output_type": "stream", "name": "stdout", "text": "\ud800!"}]')
    assert output["text"] == "?!"


@pytest.mark.parametrize(("count", "expected"), [(3, 3), (0, None), (True, None), ("3", None), (1 << 40, None)])
def test_an_execution_count_is_a_positive_integer_or_none(count: Any, expected: int | None) -> None:
    assert decode_count(count) == expected


def test_files_are_cut_from_the_payload_by_their_sizes() -> None:
    assert decode_files([["a.txt", 2], ["b/c.txt", 3]], b"abcde", 2) == {"a.txt": b"ab", "b/c.txt": b"cde"}


@pytest.mark.parametrize(
    "entries",
    [
        None,
        [["a", 1], ["b", 1], ["c", 1]],
        [["a"]],
        [[1, 1]],
        [["a", -1]],
        [["a", True]],
        [["a", 99]],
        [["../a", 1]],
        [["/etc/passwd", 1]],
        [["", 1]],
        [["a\nb", 1]],
        [["x" * 256, 1]],
        [["x/" * 250, 1]],
    ],
    ids=lambda entries: str(entries)[:30],
)
def test_files_with_another_name_or_size_are_refused(entries: Any) -> None:
    with pytest.raises(ProtocolError):
        decode_files(entries, b"abcde", 2)
