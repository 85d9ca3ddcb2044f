"""Sources are loaded in order in one namespace, and exceptions are described without objects of the student."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.sandbox import CallStatus
from tests.helpers.student_code import call, load

pytestmark = pytest.mark.usefixtures("sandbox")


def test_a_source_that_raises_is_reported_and_the_next_one_runs() -> None:
    loaded = load("x = 1 / 0", "def f(): return 1")
    assert loaded.callable
    errors = [(error.source_name, error.type_name, error.line) for error in loaded.errors]
    assert errors == [("code cell 1", "ZeroDivisionError", 1)]


def test_a_syntax_error_names_its_source_and_line() -> None:
    loaded = load("y = 1", "z = 2\ndef f(:\n    pass")
    assert not loaded.defined
    errors = [(error.source_name, error.type_name, error.line) for error in loaded.errors]
    assert errors == [("code cell 2", "SyntaxError", 2)]


def test_a_name_that_is_no_function_is_defined_but_not_callable() -> None:
    loaded = load("f = 1")
    assert (loaded.defined, loaded.callable) == (True, False)


def test_the_last_definition_of_a_function_is_called() -> None:
    assert call("def f(x): return x\ndef f(x): return x * 2", np.ones(1)).result.tolist() == [2.0]


def test_a_script_is_not_main_and_its_helper_modules_do_nothing() -> None:
    source = (
        "from selfcheck import check, anything\nimport selfcheck\n"
        "if __name__ == '__main__': raise RuntimeError\n"
        "def f(x):\n    check(f); display(x); selfcheck.check(f)\n    return x"
    )
    assert call(source, np.ones(1)).status is CallStatus.RETURNED


def test_the_shell_that_translated_magics_call_does_nothing() -> None:
    cell = "shell = get_ipython()\nshell.run_line_magic('cd', '/')\nlines = shell.getoutput('ls')\n"
    source = cell + "def f(): return len(lines)"
    assert not load(source).errors
    assert call(source).result == 0


def test_drawing_functions_do_nothing_in_a_with_statement_and_end_at_a_stub() -> None:
    source = "import selfcheck\nwith selfcheck.once_written():\n    raise NotImplementedError\ndef f(): pass"
    assert not load(source).errors
    assert load(source.replace("NotImplementedError", "ValueError")).errors


def test_an_exception_class_of_the_student_is_reported_as_exception() -> None:
    reply = call("class Secret42(Exception): pass\ndef f(x): raise Secret42", 1)
    assert reply.error is not None
    assert reply.error.type_name == "Exception"


def test_an_error_names_the_last_line_of_the_sources_that_it_passed_through() -> None:
    reply = call("import json\ndef f(x):\n    return json.loads(x)", "{")
    assert reply.error is not None
    assert (reply.error.source_name, reply.error.line) == ("code cell 1", 3)


def test_an_exception_that_cannot_be_printed_has_an_empty_message() -> None:
    reply = call("class Mute(Exception):\n    def __str__(self): raise self\ndef f(): raise Mute")
    assert reply.error is not None
    assert reply.error.message == ""
