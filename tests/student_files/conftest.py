"""A student's folder for each test, and the module selfcheck of one folder."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers.student_folder import make_student_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_student_folder(tmp_path / "3-softmax")


@pytest.fixture(scope="module")
def selfcheck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The module of one folder, imported as a notebook would."""
    folder = make_student_folder(tmp_path_factory.mktemp("kit"))
    sys.path.insert(0, str(folder))
    yield importlib.import_module("selfcheck")
    sys.path.remove(str(folder))
    for name in ("selfcheck", "comparing", "loading", "notebook_code", "magics", "cell_names"):
        del sys.modules[name]
