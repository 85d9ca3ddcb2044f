"""What a student's cell changes under an instructor's cell is undone before that cell runs."""

from __future__ import annotations

import pytest

from tests.helpers.student_code import open_notebook

pytestmark = pytest.mark.usefixtures("confined_sandbox")

SHELL = "shell = get_ipython()\n"
CHEATS = {
    "patches numpy's comparisons": "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None",
    "changes the code of a comparison": "import numpy as np\n"
    "np.testing.assert_allclose.__code__ = (lambda *a, **k: None).__code__",
    "patches what a comparison calls": "import numpy.testing._private.utils as u\n"
    "u.assert_array_compare = lambda *a, **k: None",
    "puts another module in its place": "import sys, types\nfake = types.ModuleType('numpy.testing')\n"
    "fake.assert_allclose = lambda *a, **k: None\nsys.modules['numpy.testing'] = fake",
    "transforms the syntax tree": "import ast\nclass Drop(ast.NodeTransformer):\n"
    "    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node)\n"
    "get_ipython().ast_transformers.append(Drop())",
    "transforms the input": SHELL + "shell.input_transformers_post.append(lambda lines: ['pass\\n'])",
    "patches run_code": SHELL + "async def nothing(*a, **k): return False\n"
    "shell.run_code = type(shell).run_code = nothing",
    "handles every exception": SHELL + "shell.set_custom_exc((Exception,), lambda *a, **k: None)",
    "shows no traceback": "import IPython.core.interactiveshell as i\n"
    "i.InteractiveShell.showtraceback = lambda *a, **k: None",
    "forges a result after the test": SHELL + "shell.events.register('post_run_cell', lambda _: display(2))",
    "forges a result before the test": SHELL
    + "import sys\nshell.events.register('pre_run_cell', lambda _: sys.displayhook(2))",
    "changes what records errors": "import sys\ntype(sys.stdout._recorder).error = lambda *a: None",
    "changes what an assertion raises": "import builtins\nbuiltins.AssertionError = GeneratorExit",
}
CHECK = "from numpy.testing import assert_allclose\nassert_allclose([1.0], [2.0])"


@pytest.mark.parametrize("source", CHEATS.values(), ids=CHEATS)
def test_a_cell_of_the_student_cannot_influence_a_test(source: str) -> None:
    with open_notebook(source) as notebook:
        notebook.run_cell(source, 60, restore=False)
        failed = notebook.run_cell(CHECK, 60, restore=True)
        notebook.run_cell("1", 60, restore=False)
        partial = notebook.run_cell("1.5", 60, restore=True)
    assert [output.get("ename") for output in failed.outputs] == ["AssertionError"]
    assert [output["data"] for output in partial.outputs] == [{"text/plain": "1.5"}]


def test_what_an_instructors_cell_changes_is_kept_for_the_next_one() -> None:
    patch = "import math\nmath.sqrt = lambda x: 'patched'"
    with open_notebook() as notebook:
        notebook.run_cell(patch, 60, restore=True)
        result = notebook.run_cell("math.sqrt(4)", 60, restore=True)
    assert [output["data"] for output in result.outputs] == [{"text/plain": "'patched'"}]


def test_hooks_that_draw_pictures_are_kept() -> None:
    with open_notebook("matplotlib") as notebook:
        notebook.run_cell("%matplotlib inline\nimport matplotlib.pyplot as plt", 60, restore=False)
        result = notebook.run_cell("plt.plot([1, 2]);", 60, restore=True)
    assert [sorted(output["data"]) for output in result.outputs] == [["image/png", "text/plain"]]
