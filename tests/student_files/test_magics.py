"""What only IPython understands becomes Python on the same lines, and whatever else it does is left out."""

from __future__ import annotations

import ast
import sys

import pytest

from autograder.student_files import loading, magics

ANSWER = "def f(x):\n    return x + 1\n"
INDENTED = "".join(f"    {line}\n" for line in ANSWER.splitlines())


def run(source: str) -> dict[str, object]:
    """Run a translated cell as the self-check does."""
    names: dict[str, object] = {"get_ipython": loading._InertShell}
    exec(magics.translate(source).source, names)
    return names


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\n",
        "%load_ext autoreload\n%autoreload 2\n",
        "len?\n?len\nlen??\n",
        "%%time\n",
        "%%time\n\n%%capture out\nout.show()\n",
        "\n\n%%capture --no-stderr\n",
        "%%prun -l 5\n",
        "%%memit\n",
        "# comment\n%%time\n",
        "!pip install tqdm\n",
        "!echo it's\n",
        "files = !ls\nassert files == []\n",
        "%pip install tqdm\n",
        "%cd /tmp\n",
        "%unknown x\n",
        "if True:\n    !ls\n    %time y = 3\nassert y == 3\n",
        "%time y = 3\nassert y == 3\n",
        "y = %time 1 + 2\nassert y == 3\n",
        "%time --no-raise-error y = 3\nassert y == 3\n",
        "%time %time y = 3\nassert y == 3\n",
        "%timeit -n 10 1 / 0\n",
        "%timeit 1 \\\n / 0\n",
        "result = %timeit -o 1 / 0\nassert result is None\n",
        "get_ipython().run_line_magic('time', 'y = 3')\nassert y == 3\n",
        "get_ipython().magic('timeit 1 / 0')\n",
        "get_ipython().run_cell_magic('time', '', 'y = 3\\n')\nassert y == 3\n",
        "get_ipython().run_cell_magic('bash', '', 'ls\\n')\n",
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')\n",
    ],
)
def test_the_code_around_a_command_runs(source: str) -> None:
    assert run(source + ANSWER)["f"](1) == 2  # type: ignore[operator]


@pytest.mark.parametrize(
    "source",
    [
        INDENTED,
        INDENTED.replace("    ", "\t"),
        ">>> def f(x):\n...     return x + 1\n...\n>>> f(1)\n2\n",
        "In [3]: def f(x):\n   ...:     return x + 1\n   ...:\n",
        "In [3]: f = lambda x: x + 1",
        "In [3]: f = lambda x: x + 1\n\nIn [4]: f(1)\nOut[4]: 2\n",
        "In [3]: %%time\n   ...: def f(x):\n   ...:     return x + 1\n",
    ],
)
def test_prompts_and_a_common_indentation_are_removed(source: str) -> None:
    assert run(source)["f"](1) == 2  # type: ignore[operator]


def test_pylab_imports_what_it_does_in_a_notebook() -> None:
    names = run("%pylab inline\nx = exp(np.zeros(2)) + numpy.ones(2)")
    assert {"plt", "matplotlib", "linspace", "x"} <= set(names)


@pytest.mark.parametrize("magic", ["%%writefile a.py", "%%file a.py "])
def test_a_python_file_that_a_cell_writes_is_kept_and_not_run(magic: str) -> None:
    assert magics.translate(f"{magic}\nx = 1\n") == magics.Translation("", file=("a.py", "x = 1\n"))


@pytest.mark.parametrize("magic", ["%%timeit", "%%bash", "%%html", "%%writefile a.txt", "%%!", "%%javascript"])
def test_a_cell_whose_magic_does_not_run_it_does_nothing(magic: str) -> None:
    translation = magics.translate(f"{magic}\n{ANSWER}")
    assert translation == magics.Translation("", (f"{magic.split()[0]} with its cell",))


def test_a_file_that_is_run_is_imported() -> None:
    assert magics.translate("%run helper.py\nx = 1") == magics.Translation("from helper import *\nx = 1")
    assert magics.translate("%run other.ipynb\nx = 1").source == "pass\nx = 1"


@pytest.mark.parametrize(
    "source",
    [
        "x = (7\n % 4)",
        "text = '''\n%run\n!ls\n>>> x\n'''",
        "def f():\n    return 5 % 3",
        "#@title A form\nn = 3 #@param {type: 'integer'}",
        "# %%\nx = 1",
        "print('%time x')",
    ],
)
def test_plain_python_is_not_translated(source: str) -> None:
    assert magics.translate(source) == magics.Translation(source)


def test_a_text_that_contains_a_magic_keeps_it() -> None:
    assert run("text = '''\n%time y\n!ls\n'''\n%time y = 3")["text"] == "\n%time y\n!ls\n"


def test_plain_python_does_not_import_ipython(monkeypatch: pytest.MonkeyPatch) -> None:
    magics.translate.cache_clear()
    monkeypatch.setattr(magics.importlib, "import_module", lambda name: pytest.fail(f"{name} was imported"))
    assert magics.translate(ANSWER).source == ANSWER


def test_without_ipython_a_cell_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    magics.translate.cache_clear()
    monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    assert magics.translate("%time without").source == "%time without"


def test_lines_keep_their_numbers() -> None:
    source = "\n\n%%time\n!ls\n%time y = 3\nx = %timeit -o 1\n\n1 / 0"
    tree = ast.parse(magics.translate(source).source)
    assert tree.body[-1].lineno == len(source.splitlines())


def test_columns_after_other_alphabets_are_found() -> None:
    assert magics.translate("x = 'ä'; get_ipython().system('ls'); y = 3").source == "x = 'ä'; pass; y = 3"


def test_a_syntax_error_stays_on_its_line() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(magics.translate("%matplotlib inline\na = 1\ndef f(:\n    pass").source, "cell", "exec")
    assert caught.value.lineno in (1, 3)


def test_commands_that_do_nothing_are_reported_and_shortened() -> None:
    translation = magics.translate(f"!ls\n%cd x\nx = !{'y' * 99}\n%matplotlib inline\n%time 1\nlen?")
    assert translation.ignored == ("!ls", "%cd x", f"!{'y' * 39}…")


def test_an_install_without_a_percent_sign_does_nothing() -> None:
    assert magics.translate("pip install tqdm") == magics.Translation("pass", ("%pip install tqdm",))


@pytest.mark.parametrize(
    "source", ["%%time\n" * 2000, "%time " * 2000, "!echo it's\n" * 2000, "x = (" * 2000, "x = 3?\n" * 2000, "%time\0"]
)
def test_a_cell_of_many_commands_ends(source: str) -> None:
    assert isinstance(magics.translate(source), magics.Translation)


def test_a_long_cell_that_is_not_python_is_not_translated() -> None:
    source = "%time x\n" + "#" * magics.MAX_TRANSLATED_CHARACTERS
    assert magics.translate(source) == magics.Translation(source)


@pytest.mark.parametrize(
    ("source", "removed"),
    [
        (f"```python\n{ANSWER}```", "the marks of a code block"),
        (f"\n~~~\n{ANSWER}~~~\n\n", "the marks of a code block"),
        (f"``` py\n%matplotlib inline\n{ANSWER}\n```\n", "the marks of a code block"),
        (f"{ANSWER}```\n", "the marks of a code block"),
        (ANSWER.replace("    ", "\u00a0" * 4), "special spaces"),
        (ANSWER.replace("    ", "\u3000" * 4), "special spaces"),
        (ANSWER.replace("def f", "def\u202ff\u200b"), "special spaces"),
        (f"```\n{ANSWER}```".replace("    ", "\u00a0" * 4), "the marks of a code block and special spaces"),
    ],
)
def test_marks_of_pasted_text_are_left_out(source: str, removed: str) -> None:
    assert run(source)["f"](1) == 2  # type: ignore[operator]
    assert magics.translate(source).removed == removed


@pytest.mark.parametrize(
    "source",
    [
        f"Here it is:\n```python\n{ANSWER}```\n",
        f"```python\n{ANSWER}```\nThis adds 1.\n",
        ANSWER.replace("x + 1", "x +\u00a0"),
        "```",
    ],
)
def test_what_is_no_python_without_the_marks_either_stays(source: str) -> None:
    assert magics.translate(source).source.strip() in (source.strip(), "")


def test_special_spaces_in_python_stay() -> None:
    assert magics.translate("x = '\u00a0'\n").source == "x = '\u00a0'\n"
