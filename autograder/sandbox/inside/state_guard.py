"""Undo what students' cells changed under an instructor's cell: comparisons, exceptions, IPython's hooks.

It runs in the same process as those cells. So it stops what can be done in a line or two, and nobody who goes deeper.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

_MODULE_NAMES = """
    builtins cmath decimal fractions functools hashlib inspect itertools json math operator re statistics
    numpy numpy.linalg numpy.testing numpy.testing._private.utils unittest unittest.case unittest.util
    IPython.core.displayhook IPython.core.displaypub IPython.core.interactiveshell
"""
MODULES = _MODULE_NAMES.split()
CLASSES = {
    "unittest.case": ("TestCase", "_AssertRaisesContext"),
    "IPython.core.displayhook": ("DisplayHook",),
    "IPython.core.interactiveshell": ("InteractiveShell",),
}
# Hooks that may be added: they draw pictures, and reload helper modules.
_ALLOWED_HOOKS = ("matplotlib_inline.", "IPython.extensions.")
_SHELL_ATTRIBUTE_NAMES = """
    builtin_trap compile display_formatter display_pub display_trap displayhook events input_transformer_manager
    custom_exceptions CustomTB InteractiveTB SyntaxTB user_module
"""
_SHELL_ATTRIBUTES = _SHELL_ATTRIBUTE_NAMES.split()
_SHELL_LISTS = ("ast_transformers", "input_transformers_post")
_TRANSFORMER_LISTS = ("cleanup_transforms", "line_transforms", "token_transformers")
_FUNCTION_PARTS = ("__code__", "__defaults__", "__kwdefaults__")
Undo = Callable[[], None]


class StateGuard:
    """A snapshot of what instructors' cells rely on, and the way back to it."""

    def __init__(self, shell: Any, *own_classes: type) -> None:
        """``own_classes`` are the sandbox's classes that the shell uses; they are guarded too."""
        self._shell, self._own_classes = shell, own_classes
        self.snapshot()

    def snapshot(self) -> None:
        """Make the present state the one that `restore` returns to."""
        shell = self._shell
        modules = {name: sys.modules[name] for name in MODULES if name in sys.modules}
        classes = [
            getattr(modules[module], name) for module, names in CLASSES.items() if module in modules for name in names
        ]
        holders = [*modules.values(), *classes, *self._own_classes, type(shell)]
        self._undos: list[Undo] = [lambda: sys.modules.update(modules)]
        self._undos += [_undo_attributes(holder, _callables(holder)) for holder in holders]
        # Before the shell's attributes, some of which may be inherited.
        self._undos += [_undo_overrides(holder) for holder in (shell, type(shell), *classes, *self._own_classes)]
        self._undos.append(_undo_attributes(shell, _shell_attributes(shell)))
        self._undos += [_undo_list(shell, name) for name in _SHELL_LISTS]
        self._undos += [_undo_list(shell.input_transformer_manager, name) for name in _TRANSFORMER_LISTS]
        self._undos.append(_undo_hooks(shell.events.callbacks))

    def restore(self) -> None:
        """Undo what has changed since the snapshot."""
        sys.settrace(None)
        sys.setprofile(None)
        for undo in self._undos:
            undo()


def _callables(holder: Any) -> dict[str, Any]:
    kinds = (staticmethod, classmethod, property)
    return {name: value for name, value in vars(holder).items() if callable(value) or isinstance(value, kinds)}


def _shell_attributes(shell: Any) -> dict[str, Any]:
    own = {name: shell.__dict__[name] for name in _SHELL_ATTRIBUTES if name in shell.__dict__}
    inherited = {name: getattr(shell, name) for name in _SHELL_ATTRIBUTES if name not in own and hasattr(shell, name)}
    return own | inherited


def _undo_attributes(holder: Any, values: dict[str, Any]) -> Undo:
    """Return what gives attributes back these values, and functions among them their code."""
    functions = [function for function in map(_python_function, values.values()) if function is not None]
    parts = [(function, [getattr(function, name) for name in _FUNCTION_PARTS]) for function in functions]

    def undo() -> None:
        present = vars(holder)
        for name, value in values.items():
            if present.get(name) is not value and getattr(holder, name, None) is not value:
                setattr(holder, name, value)
        for function, original in parts:
            if function.__code__ is not original[0] or function.__defaults__ is not original[1]:
                for name, part in zip(_FUNCTION_PARTS, original, strict=True):
                    setattr(function, name, part)

    return undo


def _python_function(value: Any) -> Any:
    """Return the Python function behind a callable, as numpy's dispatchers and class methods have one, or None."""
    for name in ("__func__", "_implementation"):
        value = getattr(value, name, value)
    return value if isinstance(value, types.FunctionType) else None


def _undo_list(holder: Any, name: str) -> Undo:
    original = list(getattr(holder, name))

    def undo() -> None:
        if list(getattr(holder, name)) != original:
            setattr(holder, name, list(original))

    return undo


def _undo_hooks(callbacks: dict[str, list[Any]]) -> Undo:
    original = {event: list(hooks) for event, hooks in callbacks.items()}

    def undo() -> None:
        for event, hooks in callbacks.items():
            hooks[:] = _original_and_allowed(hooks, original.get(event, []))

    return undo


def _original_and_allowed(hooks: Iterable[Any], original: list[Any]) -> list[Any]:
    added = [hook for hook in hooks if hook not in original]
    return [*original, *(hook for hook in added if str(hook.__module__).startswith(_ALLOWED_HOOKS))]


def _undo_overrides(holder: Any) -> Undo:
    """Return what removes attributes that were added over inherited ones."""
    original = set(vars(holder))
    bases = holder.__mro__[1:] if isinstance(holder, type) else type(holder).__mro__

    def undo() -> None:
        for name in set(vars(holder)) - original:
            if callable(vars(holder)[name]) and any(name in vars(base) for base in bases):
                delattr(holder, name)

    return undo
