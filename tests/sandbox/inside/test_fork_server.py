"""Each student's process starts clean, with what is slow to import already imported."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import CallStatus, FunctionSession, Sandbox
from tests.helpers.student_code import GENEROUS, call, load, program

pytestmark = pytest.mark.usefixtures("sandbox")


def test_display_of_ipython_is_preloaded_and_does_nothing() -> None:
    loaded = load(
        "import sys\nassert 'IPython.display' in sys.modules",
        "from IPython.display import Math, display\ndisplay(Math('x^2'))\ndef f(): return 1",
    )
    assert loaded.errors == ()


def test_a_plot_can_be_drawn_and_leaves_no_files() -> None:
    before = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
    cells = (
        "import matplotlib.pyplot as plt\nimport numpy as np",
        "figure, axes = plt.subplots()\naxes.plot([1, 2], label=r'$x^2$')\naxes.legend()\nplt.show()\nfigure",
        "figure.savefig('plot.png')\nsize = len(open('plot.png', 'rb').read())",
        "def f(): return np.array([size])",
    )
    with FunctionSession(program(*cells), GENEROUS) as session:
        assert session.load().errors == ()
        assert session.call((), {}).result[0] > 1000
    left = {path.name for path in Path(tempfile.gettempdir()).iterdir()} - before
    assert not {name for name in left if "font" in name or "matplotlib" in name}


def test_processes_do_not_share_their_standard_descriptors() -> None:
    source = """
import fcntl, numpy as np, os
def f(x):
    flags = [fcntl.fcntl(n, fcntl.F_GETFL) & os.O_APPEND for n in (0, 1, 2)]
    for n in (0, 1, 2):
        fcntl.fcntl(n, fcntl.F_SETFL, fcntl.fcntl(n, fcntl.F_GETFL) | os.O_APPEND)
    return np.array(flags)
"""
    for _ in range(2):
        reply = call(source, np.zeros(1))
        assert reply.status is CallStatus.RETURNED, reply.error
        assert isinstance(reply.result, np.ndarray)
        assert not reply.result.any()


def test_processes_do_not_share_the_state_of_random_numbers() -> None:
    source = "import random\nimport numpy as np\ndef f(): return np.array([np.random.rand(), random.random()])"
    first, second = call(source).result, call(source).result
    assert (first != second).all()


def test_a_process_holds_no_descriptor_but_standard_ones_and_its_pipes(sandbox: Sandbox) -> None:
    source = """
import numpy as np, os
def is_open(n):
    try: os.fstat(n)
    except OSError: return False
    return True
def f(): return np.array([n for n in range(200) if is_open(n)])
"""
    assert sandbox.level
    assert call(source).result.tolist() == [0, 1, 2, 3, 4]
