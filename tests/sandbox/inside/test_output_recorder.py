"""A cell's outputs are recorded as a notebook keeps them, as text and PNG, and cut where they are too long."""

from __future__ import annotations

import pytest

from autograder.sandbox.inside import output_recorder
from autograder.sandbox.inside.output_recorder import MAX_OUTPUTS, MAX_TEXT, OutputRecorder, OutputStream


@pytest.fixture
def recorder() -> OutputRecorder:
    return OutputRecorder()


def test_printed_text_is_joined_in_one_output_for_each_stream(recorder: OutputRecorder) -> None:
    stdout, stderr = OutputStream(recorder, "stdout"), OutputStream(recorder, "stderr")
    print("a", file=stdout)
    print("b", file=stdout)
    print("c", file=stderr)
    assert [(output["name"], output["text"]) for output in recorder.outputs] == [
        ("stdout", "a\nb\n"),
        ("stderr", "c\n"),
    ]


def test_only_text_can_be_written_to_a_stream(recorder: OutputRecorder) -> None:
    with pytest.raises(TypeError, match="must be str"):
        OutputStream(recorder, "stdout").write(b"bytes")  # type: ignore[arg-type]


def test_a_flood_of_text_is_cut_and_a_later_error_is_recorded(recorder: OutputRecorder) -> None:
    for _ in range(30):
        recorder.stream("stdout", "x" * (MAX_TEXT // 10))
    for number in range(2 * MAX_OUTPUTS):
        recorder.display({"text/plain": str(number)}, None)
    recorder.error("AssertionError", "", ["line"] * 1000)
    stream, *displayed, error = recorder.outputs
    assert stream["text"].endswith("Output truncated ...")
    assert len(stream["text"]) < MAX_TEXT + 100
    assert len(displayed) == MAX_OUTPUTS - 1
    assert (error["output_type"], len(error["traceback"])) == ("error", 200)


def test_displayed_data_is_reduced_to_text_and_png(recorder: OutputRecorder) -> None:
    recorder.display({"text/plain": "x", "text/html": "<b>x</b>", "image/png": b"\x89PNG"}, None)
    assert recorder.outputs[0]["data"] == {"text/plain": "x", "image/png": "iVBORw=="}


def test_a_picture_that_is_too_large_is_left_out(recorder: OutputRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_recorder, "MAX_PNG", 7)
    recorder.result({"image/png": b"\x89PNG"}, 1)
    assert recorder.outputs[0]["data"] == {"text/plain": ""}


def test_an_update_replaces_what_was_displayed_under_its_id(recorder: OutputRecorder) -> None:
    recorder.display({"text/plain": "first"}, "a")
    recorder.display({"text/plain": "second"}, "a", update=True)
    recorder.display({"text/plain": "lost"}, "b", update=True)
    assert [output["data"] for output in recorder.outputs] == [{"text/plain": "second"}]


def test_clearing_waits_for_the_next_output_if_asked_to(recorder: OutputRecorder) -> None:
    recorder.stream("stdout", "old")
    recorder.clear(wait=True)
    assert len(recorder.outputs) == 1
    recorder.result({"text/plain": "new"}, 1)
    assert [output["output_type"] for output in recorder.outputs] == ["execute_result"]
    recorder.clear(wait=False)
    assert recorder.outputs == []
