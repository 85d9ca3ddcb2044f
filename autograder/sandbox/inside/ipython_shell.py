"""IPython for ``cells``: its shell without history, profile, completion, shell commands, and most magics."""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.inside import state_guard
else:
    import state_guard

INLINE = "module://matplotlib_inline.backend_inline"
_NAMES = """
    autoreload capture cd colors config env file load_ext matplotlib pdoc pinfo pinfo2 pprint precision prun psearch
    psource pwd pylab reload_ext reset reset_selective run set_env tb time timeit who who_ls whos writefile xmode
"""
MAGICS = _NAMES.split()
_PLACES = {  # where an exception comes from -> what the submission asked for
    "socket.py": "A submission has no network here.",
    "subprocess.py": "A submission starts no programs here.",
    "popen_fork.py": "A submission starts no processes here.",
}


class NotAllowedError(RuntimeError):
    """Something that a notebook can ask for, and does not get here."""


def start(recorder: Any) -> Callable[[str, bool], int]:
    """A fresh shell whose cells put out to the recorder; what runs a cell in it and gives its number."""
    import IPython.core.interactiveshell as interactiveshell
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.error import StdinNotImplementedError
    from IPython.core.history import HistoryManager
    from IPython.core.profiledir import ProfileDir

    class Hook(DisplayHook):
        """Takes the value of a cell's last expression."""

        def write_output_prompt(self) -> None:
            """There is none in a notebook."""

        def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
            recorder.result(format_dict, self.prompt_count)

        def finish_displayhook(self) -> None:
            self._is_active = False

    class Publisher(DisplayPublisher):
        """Takes what a cell displays."""

        def publish(self, data: Any, metadata: Any = None, source: Any = None, **more: Any) -> None:
            where = (more.get("transient") or {}).get("display_id")
            recorder.display(data, where, update=bool(more.get("update")))

        def clear_output(self, wait: bool = False) -> None:
            recorder.clear(wait=wait)

    class Shell(interactiveshell.InteractiveShell):
        """A notebook's shell."""

        autoindent = False
        db: dict[str, Any] = {}  # noqa: RUF012 (as in the class above: not kept anywhere)

        def init_ipython_dir(self, ipython_dir: Any) -> None:
            self.ipython_dir = os.environ["HOME"]

        def init_profile_dir(self, profile_dir: Any) -> None:
            self.profile_dir = ProfileDir()  # nowhere

        def init_history(self) -> None:
            self.history_manager = HistoryManager(shell=self, parent=self, enabled=False)

        def init_completer(self) -> None:
            """Nobody types here."""

        def _showtraceback(self, etype: type[BaseException], evalue: BaseException | None, stb: Any) -> None:
            lines = [stb] if isinstance(stb, str) else list(stb)
            text = _text(evalue)
            if why := _why(evalue):
                text = f"{text}. {why}"
                lines = [*lines, why]
            recorder.error(str(etype.__name__), text, lines)

        def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
            _allow("%", magic_name)
            return super().run_line_magic(magic_name, line, _stack_depth=_stack_depth + 1)

        def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
            _allow("%%", magic_name)
            return super().run_cell_magic(magic_name, line, cell)

        def system(self, cmd: str) -> None:
            raise NotAllowedError(
                "the shell command cannot run here: a submission is plain Python. Remove the line with !"
            )

        system_piped = system_raw = system

        def getoutput(self, cmd: str, *_: Any, **__: Any) -> Any:
            self.system(cmd)

        def enable_gui(self, gui: Any = None) -> None:
            """There is none."""

        def ask_exit(self) -> None:
            raise NotAllowedError("exit() would end the notebook here. Remove it")

        def _tee(self, channel: str) -> Any:  # its copy of all that is printed has no limit
            return contextlib.nullcontext()

    def no_input(*_: Any, **__: Any) -> str:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    _draw_inline()
    shell: Any = Shell.instance(displayhook_class=Hook, display_pub_class=Publisher)
    shell.set_hook("show_in_pager", lambda *_, **__: None, 99)
    printers = shell.display_formatter.formatters["text/plain"].type_printers
    for kind in [kind for kind in printers if kind.__module__ == "numpy"]:  # a shell knows numpy when it is imported
        del printers[kind]
    builtins.input = no_input
    kept = state_guard.StateGuard(shell, Hook, Publisher, *recorder.classes())
    run_cell = Shell.run_cell

    def run(source: str, restore: bool) -> int:
        if restore:
            kept.restore()
        count = int(shell.execution_count)
        result = run_cell(shell, source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(one["output_type"] == "error" for one in recorder.outputs):
            text = "ERROR: An error occurred while showtraceback was disabled"
            recorder.error(type(error).__name__, _text(error), [text])
        if restore:
            kept.keep()
        return count

    return run


def _draw_inline() -> None:
    """Have pictures drawn beside the cell that makes them, as in a notebook; matplotlib may be loaded already."""
    os.environ["MPLBACKEND"] = INLINE
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE


def _allow(mark: str, name: str) -> None:
    if name not in MAGICS:
        raise NotAllowedError(f"the magic {mark}{name} cannot run here: a submission is plain Python. Remove the line")


def _text(error: BaseException | None) -> str:
    try:
        return str(error)
    except BaseException:
        return ""


def _why(error: BaseException | None) -> str:
    """What a submission asked for and cannot have, where that is why the system refused."""
    trace = error.__traceback__ if isinstance(error, OSError) else None
    found = ""
    while trace is not None:
        found = _PLACES.get(os.path.basename(trace.tb_frame.f_code.co_filename), found)
        trace = trace.tb_next
    return found
