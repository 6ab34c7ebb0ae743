"""The campaign: every reader in turn, each in a process of its own. `make fuzz SECONDS=900`

What broke a reader is kept in test-output/fuzz and shown; put it into tests/fuzz/found to have the suite
read it again. The exit code is 1 where a reader fell, hung, or took more memory than it may.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tests.fuzz.readers import READERS

OUT = Path("test-output") / "fuzz"


def main() -> int:
    """Run the readers that are asked for, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=0, help="for each reader")
    parser.add_argument("--mutants", type=int, default=0, help="for each reader, instead of seconds")
    parser.add_argument("--reader", choices=list(READERS), action="append")
    given = parser.parse_args()
    lines, fell = [], False
    for name in given.reader or READERS:
        done = fuzz(name, given.seconds, given.mutants)
        lines.append(line(name, done))
        print(lines[-1], flush=True)
        if done.returncode:
            fell = True
            print(done.stderr[-6_000:], flush=True)
    (OUT / "table.txt").write_text("\n".join(lines) + "\n")
    return 1 if fell else 0


def fuzz(name: str, seconds: int, mutants: int) -> "subprocess.CompletedProcess[str]":
    """One reader, in a process of its own."""
    OUT.mkdir(parents=True, exist_ok=True)
    bounds = [f"-runs={mutants}"] if mutants else [f"-max_total_time={seconds or 900}"]
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.fuzz.one",
            name,
            str(OUT / name),
            *bounds,
            "-print_final_stats=1",
            "-verbosity=0",
            f"-artifact_prefix={OUT / name}-",
        ],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def line(name: str, done: "subprocess.CompletedProcess[str]") -> str:
    """One line of the table: inputs, how many a second, the slowest, memory beside what there was."""
    said = dict(re.findall(r"stat::(\w+):\s+(\d+)", done.stderr))
    before = re.search(r"before: (\d+) MiB", done.stdout)
    peak = int(said.get("peak_rss_mb", 0)) - int(before[1] if before else 0)
    return (
        f"{name:12} {int(said.get('number_of_executed_units', 0)):>12,} inputs"
        f" {int(said.get('average_exec_per_sec', 0)):>8,} a second"
        f"  slowest {said.get('slowest_unit_time_sec', '?')} s  {max(0, peak):>4} MiB"
        f"  {'ok' if not done.returncode else 'FELL'}"
    )


if __name__ == "__main__":
    sys.exit(main())
