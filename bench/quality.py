"""How well does a comparison find what was done? `make quality`, or `make quality PAGES="50 300" SEEDS=20`.

Drafts are made with known truth; every figure stands beside its goal, and one that misses it ends the run
with an error.
"""

import argparse
import sys
from dataclasses import dataclass

from bench.drafts import Draft, draft
from paraph.papers.comparison import Comparison, compare
from paraph.papers.plain import document_of

GOALS = {"words": 1.05, "pairs": 0.999, "moves": 0.98, "true moves": 0.98, "splits": 0.98}


@dataclass(frozen=True, slots=True)
class Quality:
    """What a comparison found of the truth."""

    words: float  # marked over truly touched
    pairs: float  # share of the true pairs that were found
    moves: float  # share of the true moves that were found
    true_moves: float  # share of the moves found that are true
    splits: float  # share of the true splits and joinings that were found
    numbers_missed: int  # renumberings that were not told apart

    @property
    def good(self) -> bool:
        """Whether every goal is met."""
        return (
            self.words <= GOALS["words"]
            and self.pairs >= GOALS["pairs"]
            and self.moves >= GOALS["moves"]
            and self.true_moves >= GOALS["true moves"]
            and self.splits >= GOALS["splits"]
            and not self.numbers_missed
        )


def quality(made: Draft) -> tuple[Comparison, Quality]:
    """The comparison of a draft with the next one, marked against the truth."""
    found = compare(document_of("\n".join(made.old)), document_of("\n".join(made.new)))
    pairs = {(i, j) for row in found.rows for i in row.step.old for j in row.step.new}
    moved = {j for row in found.rows if row.step.kind == "comes" for j in row.step.new}
    numbers = {(i, j) for row in found.rows if row.renumbered for i in row.step.old for j in row.step.new}
    parted = {i for row in found.rows if len(row.step.new) > 1 for i in row.step.old}
    joined = {j for row in found.rows if len(row.step.old) > 1 for j in row.step.new}
    marked = found.counts["words deleted"] + found.counts["words inserted"]
    true_parts = len(made.split) + len(made.joined)
    return found, Quality(
        marked / made.words,
        len(pairs & made.pairs) / len(made.pairs),
        len(moved & made.moved) / len(made.moved),
        len(moved & made.moved) / len(moved),
        (len(parted & made.split) + len(joined & made.joined)) / true_parts if true_parts else 1.0,
        len((made.renumbered & pairs) - numbers),
    )


def main() -> int:
    """Mark every size, language and seed; one line each, and the worst of all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, nargs="+", default=[50, 300, 1_000])
    parser.add_argument("--languages", nargs="+", default=["en", "ru"])
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    every = []
    print("pages  language  seed  words  pairs    moves   true    splits  numbers missed")
    for pages in given.pages:
        for language in given.languages:
            for seed in range(1, given.seeds + 1):
                _comparison, one = quality(draft(pages, language, seed))
                every.append(one)
                mark = "" if one.good else "  below the goal"
                print(
                    f"{pages:5}  {language:8}  {seed:4}  {one.words:.3f}  {one.pairs:.5f}  {one.moves:.4f}  "
                    f"{one.true_moves:.4f}  {one.splits:.4f}  {one.numbers_missed}{mark}",
                    flush=True,
                )
    print(
        f"worst: words {max(one.words for one in every):.3f}, pairs {min(one.pairs for one in every):.5f}, "
        f"moves {min(one.moves for one in every):.4f} and {min(one.true_moves for one in every):.4f}, "
        f"splits {min(one.splits for one in every):.4f}, "
        f"numbers missed {sum(one.numbers_missed for one in every)}"
    )
    return 0 if all(one.good for one in every) else 1


if __name__ == "__main__":
    sys.exit(main())
