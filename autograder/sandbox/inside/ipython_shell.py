"""IPython's shell for a notebook's cells. It has no history, profile or completion.

Shell commands and most magics do nothing, as when a function is judged (student_files/magics.py), and say so.

IPython is imported inside functions: only a process that runs a notebook needs it, and importing it is slow.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.inside.output_recorder import OutputRecorder, OutputStream
    from autograder.sandbox.inside.state_guard import StateGuard
else:
    from output_recorder import OutputRecorder, OutputStream
    from state_guard import StateGuard

INLINE_BACKEND = "module://matplotlib_inline.backend_inline"
_MAGIC_NAMES = """
    autoreload capture cd colors config env file load_ext matplotlib pdoc pinfo pinfo2 pprint precision prun psearch
    psource pwd pylab reload_ext reset reset_selective run set_env tb time timeit who who_ls whos writefile xmode
"""
ALLOWED_MAGICS = _MAGIC_NAMES.split()
# The module that the system's refusal passed through -> what the submission tried.
_REFUSALS = {
    "socket.py": "A submission has no network here.",
    "subprocess.py": "A submission starts no programs here.",
    "popen_fork.py": "A submission starts no processes here.",
}


class NotAllowedError(RuntimeError):
    """Raised if a cell asks for something that notebooks offer, but the sandbox does not."""


def start(recorder: OutputRecorder) -> Callable[[str, bool], int]:
    """Create a shell whose outputs go to the recorder; return a function that runs a cell and returns its count.

    That function takes the source, and whether to undo first what earlier cells changed.
    """
    shell_class, hook_class = _shell_class(recorder), _display_hook_class(recorder)
    publisher_class = _display_publisher_class(recorder)
    _draw_inline()
    shell: Any = shell_class.instance(displayhook_class=hook_class, display_pub_class=publisher_class)
    shell.set_hook("show_in_pager", lambda *_, **__: None, 99)
    _forget_numpy_printers(shell)
    builtins.input = _refuse_input
    guard = StateGuard(shell, hook_class, publisher_class, OutputRecorder, OutputStream)
    run_source = shell_class.run_cell

    def run_cell(source: str, restore: bool) -> int:
        if restore:
            guard.restore()
        count = int(shell.execution_count)
        result = run_source(shell, source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(output["output_type"] == "error" for output in recorder.outputs):
            text = "ERROR: An error occurred while showtraceback was disabled"
            recorder.error(type(error).__name__, _message(error), [text])
        if restore:
            guard.snapshot()
        return count

    return run_cell


def _display_hook_class(recorder: OutputRecorder) -> type:
    from IPython.core.displayhook import DisplayHook

    class RecordingDisplayHook(DisplayHook):
        """Records the value of a cell's last expression."""

        def write_output_prompt(self) -> None:
            """Print no prompt, as in a notebook."""

        def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
            recorder.result(format_dict, self.prompt_count)

        def finish_displayhook(self) -> None:
            self._is_active = False

    return RecordingDisplayHook


def _display_publisher_class(recorder: OutputRecorder) -> type:
    from IPython.core.displaypub import DisplayPublisher

    class RecordingDisplayPublisher(DisplayPublisher):
        """Records what a cell displays."""

        def publish(self, data: Any, metadata: Any = None, source: Any = None, **options: Any) -> None:
            display_id = (options.get("transient") or {}).get("display_id")
            recorder.display(data, display_id, update=bool(options.get("update")))

        def clear_output(self, wait: bool = False) -> None:
            recorder.clear(wait=wait)

    return RecordingDisplayPublisher


def _shell_class(recorder: OutputRecorder) -> Any:
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.profiledir import ProfileDir

    class NotebookShell(InteractiveShell):
        """A notebook's shell that keeps nothing on disk and starts no program."""

        autoindent = False
        db: dict[str, Any] = {}  # noqa: RUF012 (an attribute of the base class, which is a file there)

        def init_ipython_dir(self, ipython_dir: Any) -> None:
            self.ipython_dir = os.environ["HOME"]

        def init_profile_dir(self, profile_dir: Any) -> None:
            self.profile_dir = ProfileDir()

        def init_history(self) -> None:
            self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

        def init_completer(self) -> None:
            """Set up no completer, because nobody types in this shell."""

        def _showtraceback(self, etype: type[BaseException], evalue: BaseException | None, stb: Any) -> None:
            lines = [stb] if isinstance(stb, str) else list(stb)
            message = _message(evalue)
            if refusal := _explain_refusal(evalue):
                message = f"{message}. {refusal}"
                lines = [*lines, refusal]
            recorder.error(str(etype.__name__), message, lines)

        def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
            if magic_name in ALLOWED_MAGICS:
                return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)
            _say_ignored(f"%{magic_name} {line}")
            return None

        def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
            if magic_name in ALLOWED_MAGICS:
                return super().run_cell_magic(magic_name, line, cell)
            if self.find_cell_magic(magic_name) is None and _is_python(self.transform_cell(cell)):
                # Magics of other packages, such as %%memit, mostly measure Python.
                _say_ignored(f"%%{magic_name}")
                self.run_cell(cell, store_history=False)
            else:
                _say_ignored(f"%%{magic_name} with its cell")
            return None

        def system(self, cmd: str) -> None:
            _say_ignored(f"!{cmd}")

        system_piped = system_raw = system

        def getoutput(self, cmd: str, *_: Any, **__: Any) -> list[str]:
            self.system(cmd)
            return []

        def enable_gui(self, gui: Any = None) -> None:
            """Ignore ``%gui``, because the sandbox has no window system."""

        def ask_exit(self) -> None:
            raise NotAllowedError("exit() would end the notebook here. Remove it")

        def _tee(self, channel: str) -> Any:
            # The base class keeps a second copy of all printed text, without a limit.
            return contextlib.nullcontext()

    return NotebookShell


def _refuse_input(*_: Any, **__: Any) -> str:
    from IPython.core.error import StdinNotImplementedError

    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _draw_inline() -> None:
    """Show pictures below the cell that draws them, as a notebook does, even if matplotlib is imported already."""
    os.environ["MPLBACKEND"] = INLINE_BACKEND
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE_BACKEND


def _forget_numpy_printers(shell: Any) -> None:
    """Print numpy's values as a kernel does, whose shell starts before numpy is imported and has no printers for it."""
    printers = shell.display_formatter.formatters["text/plain"].type_printers
    for printed_type in [printed_type for printed_type in printers if printed_type.__module__ == "numpy"]:
        del printers[printed_type]


def _say_ignored(command: str) -> None:
    """Say the same about a command as the self-check and the judge, which ignore it too."""
    print(f"In grading, this does nothing: {' '.join(command.split())}.")


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _message(error: BaseException | None) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


def _explain_refusal(error: BaseException | None) -> str:
    """Return what the submission tried, if the system refused it because of the sandbox; otherwise an empty string."""
    trace = error.__traceback__ if isinstance(error, OSError) else None
    refusal = ""
    while trace is not None:
        refusal = _REFUSALS.get(os.path.basename(trace.tb_frame.f_code.co_filename), refusal)
        trace = trace.tb_next
    return refusal
