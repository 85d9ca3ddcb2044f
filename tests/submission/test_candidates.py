"""Notebooks and Python files are found in folders and archives, in the order in which they are preferred."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from autograder.submission import candidates
from autograder.submission.candidates import Candidates, Kind, find_candidates
from autograder.submission.submitted_folder import SubmittedFolder

NOTEBOOK = b'{"cells": [], "nbformat": 4}'


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def find(**files: bytes) -> Candidates:
    return find_candidates(
        SubmittedFolder(Path("folder"), files, ("page.html",), {"link": "a link"}), "a", ["given.py"]
    )


def paths(found: Candidates) -> list[str]:
    return [str(file.path) for file in found.files]


def test_the_right_name_comes_first_then_notebooks_checkpoints_and_scripts() -> None:
    names = ["z.py", ".ipynb_checkpoints/a-checkpoint.ipynb", "0.ipynb", "sub/a.ipynb", "sub/0.ipynb", "a.ipynb"]
    found = find(**dict.fromkeys(names, NOTEBOOK.replace(b"nbformat", b"x")))
    assert paths(found) == ["a.ipynb", "sub/a.ipynb", "0.ipynb", "sub/0.ipynb", names[1], "z.py"]
    assert [file.kind for file in found.files][3:] == [Kind.NOTEBOOK, Kind.CHECKPOINT, Kind.SCRIPT]
    assert (found.others, found.unusable) == (("page.html",), {"link": "a link"})


def test_what_an_editor_kept_is_an_earlier_version() -> None:
    found = find(**{"a.ipynb~": NOTEBOOK, "b.ipynb": NOTEBOOK})
    assert [file.kind for file in found.files] == [Kind.NOTEBOOK, Kind.CHECKPOINT]


def test_archives_are_read_also_inside_each_other_and_under_a_notebooks_name() -> None:
    inner = zipped(**{"x/a.ipynb": NOTEBOOK, "x/given.py": b"", "__MACOSX/._a.ipynb": b"", "x/page.pdf": b""})
    found = find(
        **{"work.zip": zipped(**{"inner.zip": inner}), "b.ipynb": inner, "c.ipynb.gz": gzip.compress(NOTEBOOK)}
    )
    assert set(paths(found)) == {"b.ipynb/x/a.ipynb", "work.zip/inner.zip/x/a.ipynb", "c.ipynb.gz/c.ipynb"}
    assert found.others == ("page.html", "work.zip/inner.zip/x/page.pdf", "b.ipynb/x/page.pdf")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(**{"b.zip": zipped(**{"c.zip": zipped(**{"a.ipynb": NOTEBOOK})})}), "too many archives"),
        (zipped(**{"a.ipynb": NOTEBOOK})[:-30], "damaged"),
        (zipped(**{"../a.ipynb": NOTEBOOK}), "leads out of its folder"),
        (b"text", "not an archive"),
    ],
)
def test_an_archive_that_cannot_be_unpacked_is_named(data: bytes, reason: str) -> None:
    found = find(**{"work.zip": data})
    assert found.files == ()
    assert any(path.startswith("work.zip") and reason in text for path, text in found.unusable.items())


def test_all_archives_together_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MAX_ARCHIVE_BYTES", 2 * len(NOTEBOOK))
    archive = zipped(**{"a.ipynb": NOTEBOOK})
    found = find(**{"1.zip": archive, "2.zip": archive, "3.zip": archive})
    assert paths(found) == ["1.zip/a.ipynb", "2.zip/a.ipynb"]
    assert set(found.unusable) == {"link", "3.zip"}


def test_a_python_file_becomes_a_notebook_with_one_cell() -> None:
    (script,) = find(**{"a.py": b"\xef\xbb\xbfx = '\xff'"}).files
    (cell,) = json.loads(script.as_notebook())["cells"]
    assert (cell["cell_type"], cell["source"]) == ("code", "x = '\ufffd'")
