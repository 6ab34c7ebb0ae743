"""A log with two histories: what its histories share, what closings count, and who settles it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from paraph.acts import (
    Ack,
    Act,
    Initial,
    Lift,
    Placed,
    Propose,
    Reserve,
    Resume,
    Return,
    Rotate,
    Seal,
    Sign,
    TakeStance,
    proposal_id,
)
from paraph.record.canonical import encode
from paraph.record.forks import Evidence
from paraph.record.keys import SecretKey
from paraph.state import agreement, closing, forks
from paraph.state.closing import chain, root_of
from paraph.state.fold import apply
from paraph.state.programme import Registers
from tests.state.bare import CHARTERS, NODES, PEOPLE, ROOTS, Bare, name, words
from tests.state.test_model import ABOUT, HISTORIES, LINES, model

__all__ = ["model"]  # a fixture
GAS = "provision:gas/one"
SOFT = ("choices", "packages", "reserves", "returns", "stances", "words", "signed", "notified", "published")
Step = tuple[str, int | None, tuple[int, int]]


def evidence(log: str, place: int) -> Evidence:
    """Two entries of one place, as an ack carries them; the fold asks for no signatures."""
    fields = {"v": 1, "prog": "ab" * 32, "log": log, "n": place, "prev": "cd" * 32, "by": "ef" * 16}
    lines = [encode({**fields, "at": f"2021-02-2{day}T06:00:00Z", "act": {}}) for day in (3, 4)]
    return Evidence(log, [line.decode() + "\n\n" for line in lines])


def by_node(bare: Bare, code: str, act: Act, **past: int) -> Placed:
    """Let a node write, with that past of the others."""
    i = bare.codes.index(code)
    placed = Placed(code, len(bare.programme.logs[code].entries), NODES[i].public.id, "", past, act)
    apply(bare.programme, placed)
    return placed


def tell(bare: Bare, code: str, log: str, place: int) -> None:
    """Let a node tell of two histories that share so many entries."""
    by_node(bare, code, Ack({}, [evidence(log, place)]), **_known(bare, code))


def _known(bare: Bare, code: str) -> dict[str, int]:
    entries = bare.programme.logs[code].entries
    return dict(entries[-1].past) if entries else {}


# ---------------------------------------------------------------- closings, against the model


@dataclass
class Forked:
    """AA is honest; BB writes two histories. AA knows one of them, `side`, beyond `split`."""

    a: list[Step]
    b: tuple[list[Step], list[Step]]
    split: int
    side: int | None

    def bare(self, own: int, other: int, branch: int, *, told: bool) -> Bare:
        """What a node folds that holds so much of AA's log and of one branch of BB's."""
        bare = Bare(2)
        offset = bare.offset
        logs, at = {"AA": self.a[:own], "BB": self.b[branch][:other]}, {"AA": 0, "BB": 0}
        while any(at[code] < len(log) for code, log in logs.items()):
            for mine, (code, log) in enumerate(logs.items()):
                peer = "BB" if code == "AA" else "AA"
                while at[code] < len(log) and log[at[code]][2][1 - mine] <= at[peer]:
                    op, text, vec = log[at[code]]
                    bare.place(code, _closing_act(op, text), {peer: offset[peer] + vec[1 - mine]})
                    at[code] += 1
        if told:
            tell(bare, "AA", "BB", offset["BB"] + self.split)
        return bare

    def acknowledged(self, own: int) -> int:
        """How many entries of BB the first entries of AA know."""
        return self.a[own - 1][2][1] if own else 0


def _closing_act(op: str, text: int | None) -> Act:
    if op == "r" or text is None:
        return Return("gas", {"en": "because"})
    if op == "i":
        return Initial(ABOUT, "", CHARTERS[2].prog, root_of(LINES[text]), LINES[text])
    return Seal(ABOUT, "", root_of(LINES[text]))


def forked_histories(picker: random.Random, count: int) -> Iterator[Forked]:
    """Histories in which BB forks, biased towards closing."""
    for _ in range(count):
        a: list[Step] = []
        b: tuple[list[Step], list[Step]] = ([], [])
        split, side = picker.randrange(3), None
        for _ in range(12):
            if picker.random() < 0.45:
                branch = picker.randrange(2) if side is None else side
                least = a[-1][2][1] if a else 0
                known = max(least, picker.choice([least, len(b[branch]), len(b[branch])]))
                if side is None and known > split:
                    side = branch
                a.append((*_next(picker, a), (len(a), known)))
                continue
            branch = picker.randrange(2)
            both = len(b[0]) < split
            least = b[branch][-1][2][0] if b[branch] else 0
            step = (*_next(picker, b[branch]), (picker.choice([least, len(a), len(a)]), len(b[branch])))
            for one in (0, 1) if both else (branch,):
                b[one].append(step)
        yield Forked(a, b, split, side)


def _next(picker: random.Random, log: list[Step]) -> tuple[str, int | None]:
    stands = next((text for op, text, _ in reversed(log) if op in "ir"), None)
    if stands is None:
        return "i", picker.randrange(2)
    return picker.choice([("s", stands)] * 3 + [("r", None), ("i", 1 - stands)])


def final_at_aa(bare: Bare) -> str:
    """The text that AA's node calls final, or ""."""
    found = closing.closed(bare.programme, ABOUT)
    return found.text if found and closing.final(bare.programme, "AA", ABOUT) else ""


def views(one: Forked) -> Iterator[tuple[int, int, int]]:
    """So much of AA's log, and of which branch of BB's how much, as a node could hold."""
    for own in range(len(one.a) + 1):
        least = one.acknowledged(own)
        for branch in (0, 1):
            if least > one.split and branch != one.side:
                continue
            for other in range(least, len(one.b[branch]) + 1):
                if all(step[2][0] <= own for step in one.b[branch][:other]):
                    yield own, branch, other


def test_what_a_node_calls_final_is_what_the_model_says_and_no_second_history_denies_it(model: Any) -> None:
    finals = told = 0
    for one in forked_histories(random.Random(14), HISTORIES):
        whole = final_at_aa(one.bare(len(one.a), one.acknowledged(len(one.a)), one.side or 0, told=True))
        for own, branch, other in views(one):
            acked = one.acknowledged(own)
            seen = (tuple(one.a[:own]), tuple(one.b[branch][:acked]))
            expected = [root_of(LINES[text]) for text in model.bound(seen, (own, acked), "S2")][:1]
            for knows in (False, True):
                bare = one.bare(own, other, branch, told=knows)

                found = final_at_aa(bare)

                assert [text for text in (found,) if text] == expected, one
                assert found in ("", whole), one
                finals, told = finals + bool(found), told + bool(found and knows)
                if knows:  # nothing is bound by what nobody has acknowledged
                    bound = chain(bare.programme, ABOUT, bare.programme.sizes())
                    assert [text.text for text in bound][:1] == expected, one
    assert finals > HISTORIES // 4
    assert told > HISTORIES // 8


def test_closings_that_count_the_shared_entries_only_would_be_undone_by_a_forger(model: Any) -> None:
    denied = 0
    for one in forked_histories(random.Random(14), HISTORIES):
        own, branch = len(one.a), one.side or 0
        bare = one.bare(own, one.acknowledged(own), branch, told=True)
        sizes = bare.programme.sizes()
        prefix = {**sizes, "BB": min(sizes["BB"], bare.offset["BB"] + one.split)}

        by_prefix = [text.text for text in chain(bare.programme, ABOUT, prefix)][:1]

        denied += bool(final_at_aa(bare)) and by_prefix != [final_at_aa(bare)]
    assert denied > 3


def test_a_forger_does_not_free_itself_from_what_it_sealed() -> None:
    forger = Forked(
        [("i", 0, (0, 0)), ("s", 0, (1, 1)), ("i", 0, (2, 2))],
        (
            [("i", 0, (0, 0)), ("s", 0, (1, 1))],
            [("i", 0, (0, 0)), ("r", None, (1, 1))],
        ),
        1,
        0,
    )

    before, after = (forger.bare(3, 2, 0, told=told) for told in (False, True))

    assert final_at_aa(before) == final_at_aa(after) == root_of(LINES[0])
    hidden = forger.bare(2, 2, 1, told=True)
    assert closing.closed(hidden.programme, ABOUT) is None


def test_a_seal_that_nobody_acknowledged_binds_nothing_once_two_histories_are_known() -> None:
    one = Forked([("i", 0, (0, 0)), ("s", 0, (1, 1))], ([("i", 0, (0, 0)), ("s", 0, (1, 1))], []), 1, 0)

    before, after = (one.bare(2, 2, 0, told=told) for told in (False, True))

    assert closing.closed(before.programme, ABOUT) is not None
    assert closing.closed(after.programme, ABOUT) is None


def test_a_signature_written_before_is_valid_in_every_order_of_arrival() -> None:
    one = Forked([("i", 0, (0, 0)), ("s", 0, (1, 1))], ([("i", 0, (0, 0)), ("s", 0, (1, 1))], []), 1, 0)
    voids = []
    for told_first in (True, False):
        bare = one.bare(2, 2, 0, told=told_first)
        sizes = bare.programme.sizes()
        known = {"AA": bare.offset["AA"] + 2}
        bare.place("BB", Sign(ABOUT, root_of(LINES[0]), {"en": "Full"}), known)
        if not told_first:
            tell(bare, "AA", "BB", bare.offset["BB"] + 1)
        voids.append(dict(bare.programme.voids))
        assert sizes["BB"] + 1 == bare.programme.sizes()["BB"]

    assert voids[0] == voids[1] == {}


# ---------------------------------------------------------------- what is agreed


def talk(picker: random.Random, length: int) -> list[tuple[str, Act]]:
    """Soft acts of both parties on two provisions and a package."""
    first, second = name(GAS, "First"), name(GAS, "Second")
    other = name("provision:gas/two", "Other")
    content = {"title": {"en": "Deal"}, "members": [second, other]}
    package = proposal_id("package:deal", content)
    acts: list[Act] = [
        *(TakeStance(p, "accepts") for p in (first, second, other, package)),
        *(TakeStance(p, "declines") for p in (first, second, package)),
        TakeStance(other, "holds"),
        Reserve(GAS, "scrutiny"),
        Lift(GAS, "scrutiny"),
        Return("gas", {"en": "because"}),
        Resume("gas"),
        Propose(GAS, words("Second")),
        Propose(GAS, words("Third")),
        Propose("package:deal", content),
    ]
    return [(picker.choice(("AA", "BB")), picker.choice(acts)) for _ in range(length)]


def after(acts: list[tuple[str, Act]]) -> Bare:
    """A programme after these acts, each knowing all before it."""
    bare = Bare(2, (GAS, words("First")), (GAS, words("Second")), ("provision:gas/two", words("Other")))
    for code, act in acts:
        bare.act(code, act)
    return bare


def plain(registers: Registers) -> dict[str, Any]:
    """What is soft in a party's registers."""
    return {
        part: {key: getattr(value, "proposal", value) for key, value in found.items()}
        if isinstance(found := getattr(registers, part), dict)
        else found
        for part in SOFT
    }


def test_what_is_agreed_never_reads_beyond_what_the_histories_share() -> None:
    cut = 0
    for seed in range(HISTORIES // 4):
        picker = random.Random(seed)
        acts = talk(picker, 24)
        bare = after(acts)
        size = bare.programme.sizes()["BB"]
        place = picker.randrange(1, size + 1)
        places = [n + 1 for n, (code, _act) in enumerate(acts) if code == "BB"]
        shorter = after(acts[: [0, *places][place - 1]])  # BB's certificate is its entry 0
        full = plain(bare.programme.logs["BB"])

        tell(bare, "AA", "BB", place)

        assert shorter.programme.sizes()["BB"] == place
        assert plain(bare.programme.by["BB"]) == plain(shorter.programme.by["BB"]), (seed, place)
        assert plain(bare.programme.logs["BB"]) == full
        assert bare.programme.by["AA"] is bare.programme.logs["AA"]
        cut += plain(bare.programme.by["BB"]) != full
    assert cut > 20


def test_the_order_of_arrival_does_not_matter_to_what_two_histories_leave() -> None:
    for seed in range(40):
        picker = random.Random(seed)
        acts = talk(picker, 16)
        place = 1 + picker.randrange(8)  # the histories may part in what has not come yet
        early, plainly = after([]), after([])
        rest = [(code, act) for code, act in acts if code == "BB"]
        for _code, act in rest[:4]:
            early.place("BB", act, {"AA": early.offset["AA"]})
        for code, act in rest:
            plainly.place(code, act, {"AA": plainly.offset["AA"]})

        tell(early, "AA", "BB", place)
        for _code, act in rest[4:]:
            early.place("BB", act, {"AA": early.offset["AA"]})
        tell(plainly, "AA", "BB", place)

        assert plain(early.programme.by["BB"]) == plain(plainly.programme.by["BB"])
        assert early.programme.voids == plainly.programme.voids


def test_voids_are_the_same_whether_or_not_two_histories_are_known() -> None:
    bare = after([("BB", Propose(GAS, words("Late")))])
    late = TakeStance(name(GAS, "Late"), "accepts")

    tell(bare, "AA", "BB", 1)
    bare.act("AA", late)

    assert bare.programme.voids == {}
    assert agreement.stance(bare.programme, "AA", name(GAS, "Late")) == late
    assert name(GAS, "Late") not in agreement.live(bare.programme, GAS)


def test_an_agreement_made_before_the_histories_part_stands_and_one_after_does_not() -> None:
    first, other = name(GAS, "First"), name("provision:gas/two", "Other")
    bare = after([("AA", TakeStance(p, "accepts")) for p in (first, other)])
    bare.act("BB", TakeStance(first, "accepts"))
    place = bare.programme.sizes()["BB"]
    bare.act("BB", TakeStance(other, "accepts"))
    assert agreement.agreed(bare.programme, "provision:gas/two") == other

    tell(bare, "AA", "BB", place)

    assert agreement.agreed(bare.programme, GAS) == first
    assert agreement.agreed(bare.programme, "provision:gas/two") == ""


def test_heads_alone_prove_no_shared_entry_until_somebody_shows_where_the_histories_part() -> None:
    bare = after([("BB", TakeStance(name(GAS, "First"), "accepts"))])
    heads = Evidence("BB", ["paraph/x/BB\n2\nAA\n\n", "paraph/x/BB\n2\nBB\n\n"])

    by_node(bare, "AA", Ack({}, [heads]))
    assert bare.programme.shared == {"BB": 0}
    assert bare.programme.by["BB"].choices == {}

    tell(bare, "AA", "BB", 2)
    assert bare.programme.shared == {"BB": 2}
    assert GAS in bare.programme.by["BB"].choices

    tell(bare, "AA", "BB", 1)
    assert bare.programme.shared == {"BB": 1}


# ---------------------------------------------------------------- how it ends


def settle(bare: Bare, *, stands: str = "12" * 32) -> int:
    """Let BB's root keys name the history that stands; the place."""
    act = Rotate([ROOTS[1].public.hex], 1, SecretKey(b"n" * 32).public.hex, 1, stands)
    bare.place("BB", act, {}, root=True)
    return bare.programme.sizes()["BB"] - 1


def test_root_keys_settle_it_only_with_the_acceptance_of_all_others() -> None:
    bare = Bare(3, (GAS, words("First")))
    bare.act("BB", TakeStance(name(GAS, "First"), "accepts"))
    tell(bare, "AA", "BB", 1)
    place = settle(bare)
    assert bare.programme.shared == {"BB": 1}

    by_node(bare, "AA", Ack({}, accepts={"BB": place}), BB=place + 1)
    assert bare.programme.shared == {"BB": 1}
    assert len(forks.told(bare.programme)) == 1
    by_node(bare, "CC", Ack({}, accepts={"BB": place}), BB=place + 1)

    assert bare.programme.shared == {}
    assert GAS in bare.programme.by["BB"].choices
    assert forks.told(bare.programme) == []


@pytest.mark.parametrize("why", ["not known", "no rotation", "names nothing", "by itself", "void", "nowhere"])
def test_an_acceptance_of_nothing_settles_nothing(why: str) -> None:
    bare = Bare(2, (GAS, words("First")))
    bare.act("BB", TakeStance(name(GAS, "First"), "accepts"))
    tell(bare, "AA", "BB", 1)
    place = settle(bare, stands="" if why == "names nothing" else "12" * 32)
    if why == "void":
        place = settle(bare)  # of a version that has passed
    accepts = {"no rotation": 1, "nowhere": 99}.get(why, place)
    known = {} if why == "not known" else {"BB": place + 1}

    by_node(bare, "BB" if why == "by itself" else "AA", Ack({}, accepts={"BB": accepts}), **known)

    assert bare.programme.shared == {"BB": 1}


def test_what_parts_after_the_settlement_is_two_histories_again() -> None:
    bare = Bare(2, (GAS, words("First")))
    bare.act("BB", TakeStance(name(GAS, "First"), "accepts"))
    tell(bare, "AA", "BB", 1)
    place = settle(bare)
    by_node(bare, "AA", Ack({}, accepts={"BB": place}), BB=place + 1)
    bare.act("BB", TakeStance(name(GAS, "First"), "holds"))

    tell(bare, "AA", "BB", place)  # what the settlement covers stays settled
    assert bare.programme.shared == {}
    tell(bare, "AA", "BB", place + 1)

    assert bare.programme.shared == {"BB": place + 1}
    assert GAS in bare.programme.by["BB"].choices


def test_everybody_is_told_in_words() -> None:
    bare = after([])
    tell(bare, "AA", "BB", 1)

    sentence = str(forks.told(bare.programme)[0])

    assert "Two histories of the log of BB" in sentence
    assert "Only the first 1 entries" in sentence
    assert PEOPLE[0].public.id not in sentence
