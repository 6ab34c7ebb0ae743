"""Does another implementation decide as this one? It is asked, one JSON object a line, and compared.

The questions and what is right stand in files (tests/vectors/record). The other program reads a
question a line from its input and writes an answer a line to its output, in any order.
"""

import json
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

UNKNOWN = "unknown"  # what a program says to a question that it does not answer


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what is right."""

    name: str
    asked: dict[str, Any]
    right: Any


@dataclass
class Report:
    """How a program has answered."""

    asked: Counter[str] = field(default_factory=Counter)  # kind of question -> how many
    right: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)  # one sentence each
    unanswered: Counter[str] = field(default_factory=Counter)

    @property
    def good(self) -> bool:
        """Say whether everything was answered, and rightly."""
        return self.asked == self.right

    def lines(self) -> list[str]:
        """For people."""
        counts = [f"{kind}: {self.right[kind]} of {self.asked[kind]} right" for kind in sorted(self.asked)]
        missing = [f"{kind}: {count} not answered" for kind, count in sorted(self.unanswered.items())]
        return [*self.faults, *missing, *counts]


def questions(folder: Path) -> Iterator[Question]:
    """All questions that the files of vectors hold."""
    for one in _read(folder / "questions.json")["questions"]:
        yield Question(one["name"], one["question"], one["answer"])
    yield from _of_entries(_read(folder / "entries.json"))
    rotations = _read(folder / "rotations.json")
    for case in rotations["cases"]:
        rows = [{"note": note, "content": content or None} for note, content in case["rows"]]
        asked = {"ask": "entry", "charter": rotations["charter"], "blobs": {}, "rows": rows}
        right = {"outcome": case["outcome"].partition(":")[0]}
        right |= {name: case[name] for name in ("version", "threshold", "node", "roots")}
        yield Question(case["name"], {**asked, "keys_of": "BY"}, right)
    forks = _read(folder / "forks.json")
    rows = [{"note": note, "content": content or None} for note, content in forks["rows"]]
    for case in forks["cases"]:
        asked = {"ask": "evidence", "charter": forks["charter"], "rows": rows, "evidence": case["evidence"]}
        right = {name: case[name] for name in ("error", "shared", "latest") if name in case}
        yield Question(case["name"], asked, right)


def _of_entries(vectors: dict[str, Any]) -> Iterator[Question]:
    held = [{"note": one["note"], "content": one["content"]} for one in vectors["good"]]
    asked = {"ask": "entry", "charter": vectors["charter"], "blobs": vectors["blobs"]}
    for count, one in enumerate(vectors["good"], 1):
        name = f"{one['log']} entry {one['n']}"
        yield Question(name, {**asked, "rows": held[:count], "leaf_of": one["log"]}, _good(one))
    for bad in vectors["bad"]:
        row = {"note": _text(bad["note"]), "content": _text(bad["content"])}
        if not any(isinstance(part, dict) for part in row.values()):
            yield Question(bad["name"], {**asked, "rows": [*held, row]}, {"outcome": bad["error"]})


def _good(one: dict[str, Any]) -> dict[str, Any]:
    void = one["act"] is None and one["content"] is not None
    return {"outcome": "void" if void else "holds", "leaf": one["leaf"], "past": one["past"]}


def _text(written: dict[str, str] | None) -> Any:
    """As text; bytes that are none stay an object and are not asked about."""
    return None if written is None else written.get("text", written)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


# ---------------------------------------------------------------- asking


def ask(command: Sequence[str], asked: Sequence[Question], seconds: float) -> Report:
    """
    Ask a program all questions.

    Args:
        command: how it is started.
        asked: the questions.
        seconds: after which it is ended; what it has not answered by then is wrong.
    """
    report = Report(Counter(str(one.asked["ask"]) for one in asked))
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    watch = threading.Timer(seconds, program.kill)
    watch.start()
    try:
        writer = threading.Thread(target=_write, args=(program, asked), daemon=True)
        writer.start()
        given = _answers(program, report)
        writer.join()
    finally:
        watch.cancel()
        program.kill()
        program.wait()
        for pipe in (program.stdin, program.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
    for number, one in enumerate(asked):
        _compare(report, one, given.get(number, UNKNOWN))
    return report


def _write(program: "subprocess.Popen[bytes]", asked: Sequence[Question]) -> None:
    assert program.stdin is not None
    try:
        for number, one in enumerate(asked):
            program.stdin.write(json.dumps({"id": number, **one.asked}).encode() + b"\n")
        program.stdin.close()
    except (BrokenPipeError, ValueError):
        return  # it has ended: what it has not answered is wrong


def _answers(program: "subprocess.Popen[bytes]", report: Report) -> dict[int, Any]:
    assert program.stdout is not None
    given: dict[int, Any] = {}
    for line in program.stdout:
        try:
            answer = json.loads(line)
            given[int(answer["id"])] = answer["is"]
        except (ValueError, KeyError, TypeError):
            report.faults.append(f"not an answer: {line[:80]!r}")
    return given


def _compare(report: Report, one: Question, given: Any) -> None:
    kind = str(one.asked["ask"])
    if given == UNKNOWN:
        report.unanswered[kind] += 1
    elif given == one.right and type(given) is type(one.right):
        report.right[kind] += 1
    else:
        report.faults.append(f"{kind}, {one.name}: {_short(given)}, right is {_short(one.right)}")


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
