"""Each level of isolation has a description, a command that starts it, and a remedy if it is unavailable."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.sandbox import HOW_TO_ENABLE, LEVEL_DESCRIPTIONS, Level, isolation


def test_every_level_is_described_and_all_but_the_weakest_can_be_enabled() -> None:
    assert list(LEVEL_DESCRIPTIONS) == list(Level)
    assert list(HOW_TO_ENABLE) == list(Level)[:-1]


def test_level_full_needs_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.shutil, "which", lambda _: None)
    with pytest.raises(OSError, match="bubblewrap is not installed"):
        isolation.fork_server_command(Level.FULL, "/packages")


@pytest.mark.parametrize("uid", [isolation.NOBODY, None])
def test_bubblewrap_binds_nothing_writable_but_two_devices(monkeypatch: pytest.MonkeyPatch, uid: int | None) -> None:
    monkeypatch.setattr(isolation.shutil, "which", lambda _: "bwrap")
    monkeypatch.setattr(isolation, "student_uid", lambda: uid)
    command = isolation.fork_server_command(Level.FULL, "/packages")
    options = command[: command.index("--")]
    writable = [options[at + 1] for at, option in enumerate(options) if option in ("--bind", "--dev-bind")]
    assert writable == ["/dev/null", "/dev/urandom"]
    for option in ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"):
        assert option in options
    assert options[options.index("--cap-drop") + 1] == "ALL"
    capabilities = [options[at + 1] for at, option in enumerate(options) if option == "--cap-add"]
    assert capabilities == (["CAP_SETUID", "CAP_SETGID"] if uid else [])
    assert ("--unshare-user" in options) is (uid is None)
    assert options[-4:] == ["--remount-ro", "/", "--chdir", "/"]


def test_landlock_lets_student_code_read_no_file_of_the_package() -> None:
    paths = isolation.landlock_readable_paths(Level.RESTRICTED, "/packages")
    assert "/packages" in paths
    assert not [path for path in paths if str(isolation.INSIDE).startswith(f"{path.rstrip('/')}/")]


@pytest.mark.parametrize(("namespaces", "level"), [("1000", Level.FULL), ("0", Level.RESTRICTED)])
def test_root_of_a_container_without_other_accounts_gets_a_sandbox(namespaces: str, level: Level) -> None:
    setting = f"echo {namespaces} > /proc/sys/user/max_user_namespaces"
    code = (
        "from autograder.sandbox import *\n"
        "program = Program((('the file', 'def f(x): return x'),), 'f')\n"
        "with FunctionSession(program, Limits(seconds=60)) as session:\n"
        "    print(session.isolation, session.call((1,), {}).status)\n"
    )
    container = ["unshare", "--user", "--map-root-user", "sh", "-c", f'{setting} && exec "$@"', "sh"]
    result = subprocess.run([*container, sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if result.stderr.startswith("unshare"):
        pytest.skip(f"no container can be made here: {result.stderr}")
    assert (result.stdout, result.stderr) == (f"{level} returned\n", "")
