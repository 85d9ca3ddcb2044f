"""Puts right, before an instructor's cell runs, what a student's cells changed: comparisons, IPython's hooks.

It runs in the same process as the cells, so it stops what can be done in a line or two, and not everybody.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

_NAMES = """
    builtins cmath decimal fractions functools hashlib inspect itertools json math operator re statistics
    numpy numpy.linalg numpy.testing numpy.testing._private.utils unittest unittest.case unittest.util
    IPython.core.displayhook IPython.core.displaypub IPython.core.interactiveshell
"""
MODULES = _NAMES.split()
CLASSES = {
    "unittest.case": ("TestCase", "_AssertRaisesContext"),
    "IPython.core.displayhook": ("DisplayHook",),
    "IPython.core.interactiveshell": ("InteractiveShell",),
}
_OWN_HOOKS = ("matplotlib_inline.", "IPython.extensions.")  # what draws pictures and loads helper modules anew
_HELD_NAMES = """
    builtin_trap compile display_formatter display_pub display_trap displayhook events input_transformer_manager
    custom_exceptions CustomTB InteractiveTB SyntaxTB user_module
"""
_HELD = _HELD_NAMES.split()
_LISTS = ("ast_transformers", "input_transformers_post")
_TRANSFORMS = ("cleanup_transforms", "line_transforms", "token_transformers")
_CODE = ("__code__", "__defaults__", "__kwdefaults__")
Undo = Callable[[], None]


class StateGuard:
    """What an instructor's cell may rely on, as it was when nobody else had touched it."""

    def __init__(self, shell: Any, *ours: Any) -> None:
        """``ours`` are modules and classes of our own that the shell is made of."""
        self._shell, self._ours = shell, ours
        self.keep()

    def keep(self) -> None:
        """Remember the state that holds from now on."""
        shell, found = self._shell, {name: sys.modules[name] for name in MODULES if name in sys.modules}
        classes = [getattr(found[where], name) for where, names in CLASSES.items() if where in found for name in names]
        holders = [*found.values(), *classes, *self._ours, type(shell)]
        self._undo: list[Undo] = [lambda: sys.modules.update(found)]
        self._undo += [_names(one, _callables(one)) for one in holders]
        held = {name: shell.__dict__[name] for name in _HELD if name in shell.__dict__}
        held |= {name: getattr(shell, name) for name in _HELD if name not in held and hasattr(shell, name)}
        self._undo += [_added(one) for one in (shell, type(shell), *classes, *self._ours)]
        self._undo.append(_names(shell, held))
        self._undo += [_list(shell, name) for name in _LISTS]
        self._undo += [_list(shell.input_transformer_manager, name) for name in _TRANSFORMS]
        self._undo.append(_hooks(shell.events.callbacks))

    def restore(self) -> None:
        """Put right what differs from it."""
        sys.settrace(None)
        sys.setprofile(None)
        for undo in self._undo:
            undo()


def _callables(holder: Any) -> dict[str, Any]:
    kinds = (staticmethod, classmethod, property)
    return {name: value for name, value in vars(holder).items() if callable(value) or isinstance(value, kinds)}


def _names(holder: Any, kept: dict[str, Any]) -> Undo:
    """Give a holder's names back their values, and its functions their code."""
    code = [
        (function, [getattr(function, name) for name in _CODE])
        for function in map(_function, kept.values())
        if function is not None
    ]

    def undo() -> None:
        now = vars(holder)
        for name, value in kept.items():
            if now.get(name) is not value and getattr(holder, name, None) is not value:
                setattr(holder, name, value)
        for function, values in code:
            if function.__code__ is not values[0] or function.__defaults__ is not values[1]:
                for name, value in zip(_CODE, values, strict=True):
                    setattr(function, name, value)

    return undo


def _function(value: Any) -> Any:
    """The Python function behind a callable; numpy's dispatchers and methods of classes have one."""
    for name in ("__func__", "_implementation"):
        value = getattr(value, name, value)
    return value if isinstance(value, types.FunctionType) else None


def _list(holder: Any, name: str) -> Undo:
    kept = list(getattr(holder, name))

    def undo() -> None:
        if list(getattr(holder, name)) != kept:
            setattr(holder, name, list(kept))

    return undo


def _hooks(callbacks: dict[str, list[Any]]) -> Undo:
    kept = {event: list(functions) for event, functions in callbacks.items()}

    def undo() -> None:
        for event, functions in callbacks.items():
            functions[:] = _allowed(functions, kept.get(event, []))

    return undo


def _allowed(functions: Iterable[Any], kept: list[Any]) -> list[Any]:
    found = [one for one in functions if one not in kept and str(one.__module__).startswith(_OWN_HOOKS)]
    return [*kept, *found]


def _added(holder: Any) -> Undo:
    """Take away what was laid over something inherited."""
    before = set(vars(holder))
    above = (holder.__mro__ if isinstance(holder, type) else type(holder).__mro__)[isinstance(holder, type) :]

    def undo() -> None:
        for name in set(vars(holder)) - before:
            if callable(vars(holder)[name]) and any(name in vars(one) for one in above):
                delattr(holder, name)

    return undo
