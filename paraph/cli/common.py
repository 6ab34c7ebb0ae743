"""What the commands share: homes, languages, keys."""

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from paraph.node.errors import NodeError

HOME_HELP = "the node's folder; PARAPH_NODE_HOME where it is left out"
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def command(commands: Commands, name: str, run: object, help: str) -> argparse.ArgumentParser:
    """A command that `run` carries out, given what was asked."""
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    parser.set_defaults(run=run)
    return parser


def with_home(parser: argparse.ArgumentParser) -> None:
    """Let the command be told which home is meant."""
    parser.add_argument("--home", type=home_path, default=home_path(None), help=HOME_HELP)


def home_path(given: str | None) -> Path:
    """The home that is meant: a folder, or the name of one in PARAPH_HOME."""
    if given is None:
        return Path(os.environ.get("PARAPH_NODE_HOME", ""))
    path, homes = Path(given), os.environ.get("PARAPH_HOME")
    plain = homes and len(path.parts) == 1 and not path.is_absolute() and not path.exists()
    return Path(homes or "") / path if plain else path


def out_path(given: str) -> Path:
    """A file that a command writes: looked at before anything else is done; NodeError says what to do."""
    path = Path(given)
    if path.is_dir():
        raise NodeError(f"{path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise NodeError(f"there is no folder {path.parent}: make it first, or name a file elsewhere")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise NodeError(f"no permission to write {path}")
    return path


def with_protection(parser: argparse.ArgumentParser) -> None:
    """Let the command be told how new keys are kept."""
    parser.add_argument(
        "--passphrase", action="store_true",
        help="keep new keys under a passphrase: asked for, or from the file that PARAPH_PASSPHRASE_FILE names"
        " (PARAPH_ROOT_PASSPHRASE_FILE for root keys), which may be /dev/fd/3",
    )  # fmt: skip
    parser.add_argument(
        "--token", default="", metavar="URI",
        help="make the node key in a token: pkcs11:token=LABEL?module-path=FILE; its PIN as a passphrase",
    )  # fmt: skip
    parser.add_argument("--root-token", default="", metavar="URI", help="likewise for the root keys")


def in_languages(words: Sequence[str]) -> dict[str, str]:
    """`en=Belarus ru=Беларусь`, or plain English words."""
    found: dict[str, str] = {}
    for word in words:
        parts = re.fullmatch(r"([a-z]{2,3})=(.+)", word)
        if parts:
            found[parts[1]] = parts[2]
        else:
            found["en"] = f"{found['en']} {word}" if "en" in found else word
    return found
