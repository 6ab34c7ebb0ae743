"""Does a signature made elsewhere hold, as a command of this node's own says?

National and qualified signatures (CMS, XAdES, ASiC-E) are checked by what a party's law names for it.
node.toml names the command; it runs without a shell, in an empty folder, for a bounded time, and
what it says is shown as it says it.
"""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from paraph.node.errors import NodeError
from paraph.node.homes import Home

SECONDS = 20.0  # where node.toml does not say
MAX_SAID = 16_384  # bytes of what the command says


@dataclass(frozen=True, slots=True)
class Said:
    """What the command said."""

    code: int | None  # its exit code; None: it was stopped
    words: str

    @property
    def good(self) -> bool:
        """Say whether the command calls the signature good."""
        return self.code == 0


def command_of(home: Home) -> list[str]:
    """The command that node.toml names; none where it names none."""
    found = home.signatures.get("verify", [])
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise NodeError('node.toml: [signatures] verify is a list of words: ["openssl", "cms", "-verify", …]')
    return found


def verify(home: Home, fingerprint: str, container: bytes) -> Said:
    """
    Run the command of node.toml over a container.

    Args:
        home: whose settings name it.
        fingerprint: what was signed: its 64 hex digits are the content.
        container: the detached signature.

    Raises:
        NodeError: no command is named, or it cannot be run.
    """
    command = command_of(home)
    if not command:
        raise NodeError("node.toml names no command that verifies: [signatures] verify = […]")
    limit = home.signatures.get("seconds", SECONDS)
    seconds = float(limit) if isinstance(limit, int | float) else SECONDS
    with tempfile.TemporaryDirectory(prefix="paraph-verify-") as name:
        folder = Path(name)
        files = {"container": folder / "container", "content": folder / "content"}
        files["container"].write_bytes(container)
        files["content"].write_text(fingerprint)
        words = {**{key: str(path) for key, path in files.items()}, "fingerprint": fingerprint}
        words["home"] = str(home.path.resolve())
        return _run([_filled(word, words) for word in command], folder, seconds)


def _filled(word: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def _run(command: list[str], folder: Path, seconds: float) -> Said:
    plain = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**plain, "HOME": str(folder), "TMPDIR": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise NodeError(f"{command[0]} cannot be run: {error.strerror}") from None
    stopped = threading.Event()

    def stop() -> None:
        stopped.set()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(seconds, stop)
    timer.start()
    with process:
        said = process.stdout.read(MAX_SAID + 1) if process.stdout else b""
        if len(said) > MAX_SAID:
            stop()
        code = process.wait()
    timer.cancel()
    words = said[:MAX_SAID].decode(errors="replace")
    return Said(None if stopped.is_set() else code, words)
