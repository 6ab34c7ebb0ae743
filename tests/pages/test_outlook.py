"""The outlook on the pages: a sentence, curves with the same numbers, what if, forecasts on record."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from paraph.acts import Forecast, Report
from paraph.mandate import approved
from paraph.node.asked import Answers
from paraph.node.current import journal
from paraph.node.models import Person
from paraph.outlook import agenda as agendas
from paraph.outlook import ledger, warm
from paraph.outlook.schedule import simulate
from paraph.pages import foresight, outlook_next
from paraph.pages.foresight import Now
from paraph.pages.outlook_head import LONG, often, when
from tests.parties import Parties

pytestmark = pytest.mark.django_db(transaction=True)  # answers are prepared in threads of their own


@pytest.fixture
def talks(transactional_db: None, parties: Parties, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parties]:
    """Three road maps, one of them agreed; the outlook is ready to be asked, and pages wait for it."""
    monkeypatch.setattr(foresight, "PATIENCE", 60.0)
    parties.road_map("oil")
    for name, number in (("gas", 2), ("tax", 3)):
        parties.agree(f"card:{name}", {"number": number, "title": {"ru": f"Карта {name}"}})
        parties.propose("RU", f"outline:{name}", {"items": [[1, f"provision:{name}/one"]]}, accept=True)
    parties.exchange()
    warm.compile_all()
    yield parties
    settle()
    warm.ready.clear()
    for answers in ANSWERS:
        answers.forget()


ANSWERS: list[Answers[Any]] = [foresight._first, foresight._second, foresight._again]


def settle() -> None:
    """Wait until nothing is worked on any more."""
    for answers in ANSWERS:
        answers.rest()


def now() -> Now:
    """The answer that the pages show."""
    found = foresight.now(patience=60)
    assert isinstance(found, Now)
    return found


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer
    words = answer.content.decode()
    assert 'style="' not in words
    return words


def plain(words: str) -> str:
    """What a reader reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", words.split("<main")[1]))


def test_one_sentence_says_the_chance_the_range_and_how_good_forecasts_were(
    talks: Parties, head: Client
) -> None:
    there = now()
    words = plain(get(head, "/outlook?by=2030-12-31"))

    chance = there.found.probability(date(2030, 12, 31).toordinal())
    assert f"All 3 road maps are agreed by 31 December 2030 in {often(chance)} futures." in words
    assert f"Half of the futures are done by {when(there.found.at(0.5), there.today, LONG)}" in words
    assert "No forecast on record has a known outcome yet." in words
    assert "BY " in words and "entries" in words


def test_a_table_beside_the_curve_has_the_same_numbers(talks: Parties, head: Client) -> None:
    there = now()
    words = get(head, "/outlook")

    table = words.split('id="curve"')[1].split("</table>")[0]
    for share in (0.1, 0.5, 0.9):
        assert (
            f'class="num">{share * 100:.0f}</th><td>{when(there.found.at(share), there.today)}</td>' in table
        )


def test_what_takes_longer_comes_in_a_second_answer(talks: Parties, head: Client) -> None:
    assert 'hx-trigger="load"' in get(head, "/outlook")
    assert 'id="blockers"' not in get(head, "/outlook")

    words = get(head, "/outlook?full=1")

    assert 'hx-trigger="load"' not in words
    blockers = words.split('id="blockers"')[1].split("</table>")[0]
    assert re.search(r"2 Карта gas.*3 Карта tax|3 Карта tax.*2 Карта gas", blockers, re.DOTALL)
    assert "Карта oil" not in blockers


def test_what_is_left_is_said_to_move_the_forecast_once_something_is_left(
    talks: Parties, head: Client
) -> None:
    before = plain(get(head, "/outlook"))
    for code, words in (("BY", "Слова из Минска."), ("RU", "Слова из Москвы.")):
        talks.words(code, "provision:gas/one", words, accept=True)
        talks.exchange()

    after = plain(get(head, "/outlook"))

    assert "that are left slow a road map" not in before
    assert "took a step" not in before  # one was agreed from the beginning, none has moved
    assert "does not tell yet whether brackets, options and reserves that are left slow a road map" in after


def test_how_much_each_model_is_believed_is_said(talks: Parties, head: Client) -> None:
    words = plain(get(head, "/outlook"))

    found = foresight.now(patience=60)
    assert isinstance(found, Now)
    share = round(100 * float((~found.found.first).mean()))
    assert 0 < share < 100
    assert f"The burn-down gives {share} of 100 futures" in words


def test_nobody_is_a_cause(talks: Parties, head: Client) -> None:
    words = plain(get(head, "/outlook?full=1"))

    assert "Pace of the programme" in words or "Which model holds" in words
    assert "Delegate" not in words.split("On what it depends")[1]


def test_while_nothing_is_ready_the_page_says_so_and_asks_again(
    talks: Parties, head: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foresight, "PATIENCE", 0.0)

    words = get(head, "/outlook")
    settle()

    assert "the futures are played" in words
    assert 'hx-trigger="every 1s"' in words
    assert "All 3 road maps" in get(head, "/outlook")


@pytest.fixture
def slow(
    talks: Parties, head: Client, viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> Iterator[threading.Event]:
    """An agenda that does not end before it is let go on, half-way through."""
    now()
    goes_on = threading.Event()

    def agenda(*given: Any) -> Any:
        given[-1](30, 120)
        while not goes_on.wait(0.01):
            given[-1](60, 120)
        return real(*given)

    real = agendas.agenda
    monkeypatch.setattr(outlook_next, "agenda", agenda)
    monkeypatch.setattr(foresight, "PATIENCE", 0.2)
    yield goes_on
    goes_on.set()


def test_long_work_shows_how_far_it_is_and_its_answer_comes_to_the_same_page(
    slow: threading.Event, head: Client
) -> None:
    words = get(head, "/outlook/agenda?minutes=120&begins=09:30")

    assert "50 of 100" in plain(words) and 'value="50"' in words
    assert 'name="minutes" min="1" max="960" value="120"' in words
    assert 'hx-target="#answer"' in words
    slow.set()
    settle()
    assert "09:30 – 10:30" in get(head, "/outlook/agenda?minutes=120&begins=09:30")


def test_long_work_is_cancelled_from_its_page_and_nothing_typed_is_lost(
    slow: threading.Event, head: Client, viewer: Client
) -> None:
    address = "/outlook/agenda?minutes=120&begins=09:30"
    words = get(head, address)
    name = re.search(r'name="name" value="([0-9a-f]{32})"', words)
    assert name
    assert name[1] in get(viewer, address)

    answer = head.post("/outlook/cancel", {"name": name[1], "back": address})
    others = get(viewer, address)
    viewer.post("/outlook/cancel", {"name": name[1], "back": address})
    settle()

    assert answer["Location"] == f"{address}&stopped=1"
    assert "50 of 100" in plain(others)
    stopped = get(head, answer["Location"])
    assert "Cancelled." in plain(stopped) and 'value="120"' in stopped
    assert 'hx-target="#answer"' not in stopped
    assert f'href="{address.replace("&", "&amp;").replace(":", "%3A")}"' in stopped


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "outlook", ""])
def test_a_cancelled_page_leads_nowhere_else(talks: Parties, head: Client, back: str) -> None:
    assert head.post("/outlook/cancel", {"name": "", "back": back}).status_code == 404


def test_what_cannot_be_computed_is_said_in_a_sentence(talks: Parties, head: Client) -> None:
    words = get(head, "/outlook/agenda?minutes=60&break.0=10:30&break.1=12:00")

    assert "Breaks and presence lie within the meeting" in words
    assert 'value="10:30"' in words
    assert 'hx-target="#answer"' not in words


@pytest.mark.parametrize(
    ("by", "sentence"),
    [("tomorrow", "like 2021-12-31"), ("2020-01-01", "a day to come"), ("3000-01-01", "to come")],
)
def test_a_date_that_cannot_be_asked_about_is_told_and_the_usual_one_answered(
    talks: Parties, head: Client, by: str, sentence: str
) -> None:
    words = plain(get(head, f"/outlook?by={by}"))

    assert sentence in words
    assert "All 3 road maps are agreed by 31 Dec" in words


def test_without_an_open_road_map_nothing_is_forecast(
    transactional_db: None, parties: Parties, head: Client
) -> None:
    warm.compile_all()
    assert "There is no road map yet." in get(head, "/outlook")
    parties.road_map("oil")

    assert "All road maps are agreed." in get(head, "/outlook")
    settle()


# ---------------------------------------------------------------- what if


def test_what_if_compares_in_the_same_futures(talks: Parties, head: Client) -> None:
    assert "Nothing is changed yet." in get(head, "/outlook/what-if")

    frozen = plain(get(head, "/outlook/what-if?frozen=365&by=2026-12-31"))
    settled = plain(get(head, "/outlook/what-if?settled=gas&settled=tax&by=2026-12-31"))

    assert re.search(r"\d+ of 100 futures fewer|The middle day comes 3\d\d days later", frozen)
    assert "Nothing goes on for 365 days." in frozen
    assert "100 of 100 futures instead of" in settled
    assert "The middle day comes" in settled and "days sooner" in settled


def test_sliders_keep_what_was_set_and_nonsense_changes_nothing(talks: Parties, head: Client) -> None:
    words = get(head, "/outlook/what-if?spacing=50&pace=fast&settled=coal")

    assert re.search(r'name="spacing"[^>]*value="50"', words)
    assert re.search(r'name="pace"[^>]*value="100"', words)
    assert "coal" not in plain(words)


def test_a_split_a_team_and_a_moved_summit_are_compared_in_the_same_futures(
    talks: Parties, head: Client
) -> None:
    for name in ("gas", "tax"):
        card = {"number": 2 + (name == "tax"), "title": {"ru": f"Карта {name}"}}
        talks.agree(f"card:{name}", {**card, "bodies": {"BY": [{"ru": "Минэнерго"}]}})
    there = now()
    address = "/outlook/what-if?by=2030-12-31&"

    split = plain(get(head, address + "split=gas&parts=4&each=9&limit=9"))
    team = plain(get(head, address + "team=BY: Минэнерго&places=1"))
    summit = f"summit={date.fromordinal(there.today + 3500)}&every=3650"
    moved = plain(get(head, address + f"{summit}&moved={date.fromordinal(there.today + 3650)}"))
    still = plain(get(head, address + summit))

    assert "In 4 equal parts: 2 Карта gas." in split and re.search(r"days (sooner|later)", split)
    assert "BY: Минэнерго: 1 road map more at a time." in team
    assert re.search(r"The middle day comes \d+ days sooner .between \d+ and \d+", team)
    assert re.search(r"By 31 December 2030: \d+ of 100 futures", team)
    assert "The summit of " in moved and "without the change too" in moved
    assert "Nothing is changed yet." in still
    assert "the range is narrower than on the first page" in team
    assert "the range is narrower" not in still


def test_what_one_road_map_at_a_time_cannot_have_is_said_and_what_was_typed_stays(
    talks: Parties, head: Client
) -> None:
    words = get(head, "/outlook/what-if?split=gas&parts=3&spacing=50")

    assert "set the time between meetings to 100 per cent" in plain(words)
    assert re.search(r'name="parts"[^>]*value="3"', words)
    assert re.search(r'name="spacing"[^>]*value="50"', words)


# ---------------------------------------------------------------- internal


def test_the_internal_forecast_waits_for_what_is_not_cleared_at_home(talks: Parties, head: Client) -> None:
    nothing = plain(get(head, "/outlook/internal"))
    there = now()
    approved.keep("oil", Person.objects.get(username="novik").pk, journal().clock(), "Указ 17", state="x")

    waits = plain(get(head, "/outlook/internal?by=2030-12-31"))
    for name in ("gas", "tax"):
        approved.keep(name, Person.objects.get(username="novik").pk, journal().clock(), "Указ 18", state="x")
    cleared = plain(get(head, "/outlook/internal?by=2030-12-31"))

    assert "no pace to learn from" in nothing
    joint = often(there.found.probability(date(2030, 12, 31).toordinal()))
    assert "Internal: stays on this node" in waits
    assert f"in {joint} futures; the joint forecast says {joint}." in cleared
    assert "waits, " in waits and "waits, " not in cleared
    assert "Указ 18" in cleared


def test_what_goes_on_record_is_the_joint_forecast_whatever_the_mandate_says(
    talks: Parties, head: Client
) -> None:
    get(head, "/outlook/internal")
    before = plain(get(head, "/outlook/record/new?by=2030-12-31"))
    approved.keep("oil", Person.objects.get(username="novik").pk, journal().clock(), "Указ 17", state="x")
    get(head, "/outlook/internal?by=2030-12-31")

    assert plain(get(head, "/outlook/record/new?by=2030-12-31")) == before


# ---------------------------------------------------------------- what next


def test_what_is_taken_next_and_what_binds_is_said_in_two_sentences(talks: Parties, head: Client) -> None:
    same = "gas.0=30&gas.1=30&gas.2=30&tax.0=90&tax.1=90&tax.2=90"

    free = plain(get(head, f"/outlook/next?limit=2&{same}"))
    bound = plain(get(head, f"/outlook/next?limit=1&{same}"))

    assert re.search(r"Take next: 2 Карта gas; 3 Карта tax|Take next: 3 Карта tax; 2 Карта gas", free)
    assert "Nothing binds" in free
    assert "What binds is the limit: one more road map at a time would gain 30 days" in bound
    today = now().today
    assert f"all is agreed by {when(today + 120, today)} in 80 of 100 futures" in bound


def test_an_estimate_out_of_order_is_told_and_the_record_is_asked(talks: Parties, head: Client) -> None:
    words = get(head, "/outlook/next?gas.0=50&gas.1=40&gas.2=60")

    assert "in rising order: 2 Карта gas" in words
    assert f'name="gas.1" value="{now().work["gas"][1]}"' in words


def test_together_the_work_that_the_record_says_ends_on_the_middle_day(talks: Parties) -> None:
    there = now()
    middle = simulate(there.schedule(there.work), 4000, 9).at(0.5)

    assert there.today + middle == pytest.approx(
        there.found.at(0.5), rel=0.05, abs=0.08 * (there.found.at(0.5) - there.today)
    )


def test_the_agenda_fills_the_minutes_and_says_what_falls_off_and_why(talks: Parties, head: Client) -> None:
    both = get(head, "/outlook/agenda?minutes=120&begins=09:30")
    one = plain(get(head, "/outlook/agenda?minutes=90"))
    high = plain(get(head, "/outlook/agenda?level=experts&gas.level=leaders"))

    assert "09:30 – 10:30" in both and "10:30 – 11:30" in both
    assert "What falls off" not in both
    assert "10:00 – 11:00" in one and "no time left" in one
    assert re.search(r"What falls off .* 2 Карта gas needs a higher level", high)


def test_who_is_not_there_is_not_waited_for(talks: Parties, head: Client) -> None:
    talks.agree(
        "card:gas", {"number": 2, "title": {"ru": "Карта gas"}, "bodies": {"BY": [{"ru": "Минэнерго"}]}}
    )

    words = plain(get(head, "/outlook/agenda?minutes=240&there.0.0=13:00&there.0.1=14:00"))

    assert re.search(r"13:00 – 14:00 2 Карта gas BY: Минэнерго", words)


# ---------------------------------------------------------------- carrying out


def measure(parties: Parties, road_map: str, key: str, action: str, due: str) -> str:
    """Agree on a measure of Minenergo with a deadline."""
    name = f"measure:{road_map}/{key}"
    parties.agree(f"{name}/action", {"words": {"ru": action}})
    parties.agree(f"{name}/deadline", {"date": due})
    parties.agree(f"{name}/completion", {"words": {"ru": "Решение."}})
    parties.agree(f"{name}/indicator", {"words": {"ru": "Доля."}})
    parties.agree(f"{name}/bodies", {"bodies": {"BY": [{"ru": "Минэнерго"}]}})
    return name


def test_deadlines_what_can_start_and_what_waits_are_said(talks: Parties, head: Client) -> None:
    rules = measure(talks, "oil", "m1", "Принять правила.", "2021-02-24")
    market = measure(talks, "oil", "m2", "Открыть биржу.", "2031-01-01")
    items = ["provision:oil/one", "provision:oil/two", rules, market]
    talks.agree("outline:oil", {"items": [[1, item] for item in items]})
    pipeline = measure(talks, "gas", "m1", "Построить газопровод.", "2059-01-01")
    talks.agree("outline:gas", {"items": [[1, "provision:gas/one"], [1, pipeline]]})
    for party in ("BY", "RU"):
        talks.act(party, Report(market, "carried_out"))
        talks.exchange()

    words = plain(get(head, "/outlook/measures?each.0=40&each.1=40&each.2=40"))

    assert "3 measures, 1 reported as carried out by every party." in words
    assert "1 of 2 deadlines are likelier to hold than not." in words
    ready = words.split("Can start today")[1].split("What is waited for")[0]
    assert "Принять правила" in ready
    assert "газопровод" not in ready and "биржу" not in ready
    assert re.search(r"What is waited for .* 2 Карта gas .* 1 ", words)
    table = words.split("the least likely to hold first")[1]
    today = now().today
    assert f"Принять правила BY: Минэнерго 24 Feb 2021 0 of 100 {when(today + 40, today)}" in table
    assert table.index("Принять правила") < table.index("Построить газопровод")
    assert "биржу" not in table


def test_where_there_are_no_measures_the_page_says_so(talks: Parties, head: Client) -> None:
    assert "No road map has measures yet." in get(head, "/outlook/measures")


# ---------------------------------------------------------------- on record


def test_a_forecast_goes_on_record_from_a_page_that_shows_every_line(talks: Parties, head: Client) -> None:
    shown = get(head, "/outlook/record/new?by=2030-12-31")
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    assert seen and "2 Карта gas" in shown and "all road maps" in shown

    answer = head.post("/outlook/record/new?by=2030-12-31", {"seen": seen[1]})

    assert answer.status_code == 302
    acts = [one.act for one in journal().programme().by["BY"].entries if isinstance(one.act, Forecast)]
    assert [act.question for act in acts] == ["agreed", "agreed:gas", "agreed:tax"]
    assert list(acts[0].chances) == ["2030-12-31"]
    words = get(head, "/outlook/record")
    until = time.monotonic() + 60
    while "being computed" in words and time.monotonic() < until:
        settle()
        words = get(head, "/outlook/record")
    assert words.count("reproduced") == 3
    assert ledger.again(journal().programme(), acts[1]).reproduced


def test_what_was_not_seen_is_not_sent(talks: Parties, head: Client) -> None:
    before = len(journal().programme().by["BY"].entries)

    words = head.post("/outlook/record/new", {"seen": "BY:1,RU:1"}).content.decode()

    assert "went on while you were reading" in words
    assert len(journal().programme().by["BY"].entries) == before


def test_who_reads_only_sees_the_outlook_and_puts_nothing_on_record(talks: Parties, viewer: Client) -> None:
    assert "Put it on record" not in get(viewer, "/outlook")
    assert "Put today" not in get(viewer, "/outlook/record")

    assert viewer.get("/outlook/record/new").status_code == 403
    assert viewer.post("/outlook/record/new", {"seen": ""}).status_code == 403


def test_the_board_and_the_road_map_show_the_range_and_lead_to_the_evidence(
    talks: Parties, head: Client
) -> None:
    now()
    latest = foresight.latest()
    assert latest is not None
    middle = when(latest.ranges["gas"][1], latest.today, "M Y")

    for address in ("/board", "/board?view=table", "/map/gas"):
        words = get(head, address)
        assert 'href="/outlook#map-gas"' in words
        assert middle in words
    assert "#map-oil" not in get(head, "/board")
    assert 'id="map-gas"' in get(head, "/outlook")
