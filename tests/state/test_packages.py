"""What does a package hold together, what ends it, and what does a person hear before the click?"""

import pytest

from paraph.acts import Lift, Propose, Reserve, TakeStance, proposal_id
from paraph.state import agreement, rules
from paraph.state.errors import Refused, Stale
from tests.parties import Parties

PACKAGE = "package:p1"


def put_together(parties: Parties, *members: str, about: str = PACKAGE, title: str = "Пакет") -> str:
    """Let BY propose a package of these proposals, and carry it to all."""
    name = parties.propose("BY", about, {"title": {"ru": title}, "members": list(members)})
    parties.exchange()
    return name


def two_offers(parties: Parties) -> tuple[str, str, str, str]:
    """A road map with agreed words, and on both its provisions other words by BY."""
    first, second = parties.road_map()
    one, two = parties.words("BY", first, "Уступка."), parties.words("BY", second, "Цена.")
    parties.exchange()
    return first, second, one, two


def accept(parties: Parties, name: str, *codes: str) -> None:
    """Accept in full, one after the other."""
    for code in codes or ("BY", "RU"):
        parties.act(code, TakeStance(name, "accepts"))
        parties.exchange()


def told(parties: Parties, code: str, name: str, position: str = "accepts") -> list[str]:
    """What the page says before that stance."""
    stance = TakeStance(name, position)  # type: ignore[arg-type]
    return [str(one) for one in rules.foresee(parties.programme(code), code, stance)]


def test_a_package_is_agreed_once_every_party_accepts_it() -> None:
    parties = Parties.make()
    _first, _second, one, two = two_offers(parties)
    package = put_together(parties, one, two)

    accept(parties, package, "BY")
    assert agreement.standing(parties.programme(), PACKAGE).state == "proposed"
    assert agreement.standing(parties.programme("RU"), PACKAGE).turns == ("RU",)
    accept(parties, package, "RU")

    found = agreement.standing(parties.programme(), PACKAGE)
    assert (found.state, found.agreed, found.turns) == ("agreed", package, ())


@pytest.mark.parametrize("place", ["member", "package"])
def test_a_reserve_on_the_package_or_on_a_subject_suspends_the_whole(place: str) -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    accept(parties, package)
    about = second if place == "member" else PACKAGE
    parties.act("RU", Reserve(about, "scrutiny"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), first) == ""
    assert agreement.standing(parties.programme(), PACKAGE).state == "reserved"

    parties.act("RU", Lift(about, "scrutiny"))
    parties.exchange()
    assert agreement.agreed(parties.programme(), first) == one
    assert agreement.standing(parties.programme(), PACKAGE).agreed == package


def test_another_version_of_a_package_ends_the_former_one() -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    accept(parties, put_together(parties, one, two))
    dearer = parties.words("BY", second, "Цена выше.")
    other = put_together(parties, one, dearer)

    accept(parties, other)

    programme = parties.programme()
    assert agreement.agreed(programme, PACKAGE) == other
    assert [agreement.agreed(programme, about) for about in (first, second)] == [one, dearer]


def test_a_member_left_out_of_the_other_version_goes_back_into_brackets() -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    accept(parties, put_together(parties, one, two))
    third = parties.words("BY", "provision:gas/three", "Третье.")
    other = put_together(parties, two, third)
    assert agreement.agreed(parties.programme(), first) == one

    accept(parties, other, "RU")

    assert agreement.agreed(parties.programme(), first) == ""
    assert agreement.agreed(parties.programme(), second) == ""


def test_before_the_click_one_reads_which_agreed_words_are_left() -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    assert told(parties, "RU", package) == [
        f"{first}: this leaves the words agreed on 2021-02-23.",
        f"{second}: this leaves the words agreed on 2021-02-23.",
        "The package holds once every other party accepts it too.",
    ]

    accept(parties, package, "BY")

    assert told(parties, "RU", package)[-1] == "The package then holds, and its words are agreed."


@pytest.mark.parametrize("how", ["the package", "a member", "other words"])
def test_before_the_click_one_reads_what_the_end_of_a_package_would_bracket(how: str) -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    accept(parties, package)
    other = parties.words("RU", first, "Иное.")
    parties.exchange()

    match how:
        case "the package":
            sentences, bracketed = told(parties, "BY", package, "holds"), f"{first}; {second}"
        case "a member":
            sentences, bracketed = told(parties, "BY", one, "holds"), second
        case _:
            sentences, bracketed = told(parties, "BY", other), second

    assert f"A package ends with it; these go back into brackets: {bracketed}." in sentences


def test_words_that_every_party_also_accepts_by_themselves_outlive_the_package() -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    accept(parties, package)
    accept(parties, two, "BY")
    assert agreement.resting_on(parties.programme(), {package}) == [first, second]
    accept(parties, two, "RU")
    assert agreement.resting_on(parties.programme(), {package}) == [first]

    parties.act("RU", TakeStance(package, "declines"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), first) == ""
    assert agreement.agreed(parties.programme(), second) == two


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (["one"], "at least two proposals"),
        (["one", "rival"], "on the same subject"),
        (["one", "package"], "cannot hold a package"),
        (["one", "gone"], "no longer on the table"),
        (["one", "unknown"], "was not known"),
    ],
)
def test_what_cannot_stand_together_is_refused_in_words(members: list[str], why: str) -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    known = {"one": one, "rival": parties.words("BY", first, "Иное."), "unknown": "f" * 64}
    known["gone"] = two
    known["package"] = put_together(parties, one, two)
    parties.act("BY", TakeStance(two, "declines"))

    with pytest.raises(Refused, match=why):
        parties.propose("BY", "package:p2", {"title": {"ru": "П"}, "members": [known[m] for m in members]})


def test_a_package_with_words_off_the_table_cannot_be_accepted() -> None:
    parties = Parties.make()
    _first, second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    parties.act("BY", TakeStance(two, "declines"))
    parties.exchange()

    with pytest.raises(Refused, match=second):
        accept(parties, package, "RU")


def test_a_package_with_concordance_pending_cannot_be_accepted_in_full() -> None:
    parties = Parties.make(authentic=("ru", "en"), working=())
    title = {"ru": "Карта", "en": "Map"}
    parties.agree("card:gas", {"number": 1, "title": title})
    one = parties.propose("BY", "provision:gas/one", {"words": {"ru": "Один.", "en": "One."}})
    two = parties.propose("BY", "provision:gas/two", {"words": {"ru": "Два."}})
    package = parties.propose("BY", PACKAGE, {"title": title, "members": [one, two]})

    with pytest.raises(Refused, match="concordance pending"):
        accept(parties, package, "BY")


def test_who_stands_on_a_text_does_not_end_a_package_under_it_in_passing() -> None:
    parties = Parties.make()
    parties.road_map("gas", ["one"])
    parties.agree("card:oil", {"number": 2, "title": {"ru": "Нефть"}})
    price = parties.words("BY", "provision:gas/one", "Цена.")
    transit = parties.words("BY", "provision:oil/a", "Транзит.")
    accept(parties, put_together(parties, price, transit))
    parties.initial("BY", "road_map:gas")

    with pytest.raises(Refused, match="Return the road map"):
        parties.act("BY", TakeStance(transit, "holds"))


def test_words_that_came_on_a_member_meanwhile_are_shown_before_the_package_is_accepted() -> None:
    parties = Parties.make()
    first, _second, one, two = two_offers(parties)
    package = put_together(parties, one, two)
    seen = agreement.seen(parties.programme("RU"), PACKAGE)
    parties.words("BY", first, "Иная уступка.")
    parties.exchange()

    with pytest.raises(Stale):
        parties.act("RU", TakeStance(package, "accepts", seen=seen))


def test_a_malformed_list_of_members_is_void_for_a_delegate_of_some_road_maps_too() -> None:
    parties = Parties.make()
    parties.road_map()
    parties.delegate("BY", road_maps=["gas"])

    for members in (7, [{"a": 1}, "b"], None):
        content = {"title": {"ru": "П"}, "members": members}
        with pytest.raises(Refused, match="malformed"):
            parties.act("BY", Propose(PACKAGE, content))
    assert proposal_id(PACKAGE, content) not in parties.programme().proposals


def test_full_powers_for_some_road_maps_do_not_reach_a_decision_through_a_package() -> None:
    parties = Parties.make()
    _first, _second, one, _two = two_offers(parties)
    decision = parties.propose("BY", "decision:d1", {"words": {"ru": "Решение."}})
    parties.delegate("BY", road_maps=["gas"])

    with pytest.raises(Refused, match="cover some road maps only"):
        put_together(parties, one, decision)


def test_words_that_another_package_holds_too_stay_when_one_ends() -> None:
    parties = Parties.make()
    first, second, one, two = two_offers(parties)
    third = parties.words("BY", "provision:gas/three", "Третье.")
    package = put_together(parties, one, two)
    accept(parties, package)
    accept(parties, put_together(parties, two, third, about="package:p2"))

    assert agreement.resting_on(parties.programme(), {package}) == [first]
    parties.act("RU", TakeStance(package, "declines"))
    parties.exchange()

    assert agreement.agreed(parties.programme(), first) == ""
    assert agreement.agreed(parties.programme(), second) == two
