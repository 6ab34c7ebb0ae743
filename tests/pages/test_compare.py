"""Two states compared on a page: asked for by what people call them, named in the address for good."""

import io
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from paraph.acts import Propose, Reserve
from paraph.mandate.seen import last_seen
from paraph.node.models import Person
from paraph.state import cuts
from tests.parties import Parties


@pytest.fixture
def before(parties: Parties) -> str:
    """The name of the state before one provision was changed and another one was moved."""
    parties.road_map("gas")
    name = cuts.name(cuts.now(parties.programme()))
    parties.agree("provision:gas/one", {"words": {"ru": "Слова один и ещё два."}})
    parties.agree("outline:gas", {"items": [[1, f"provision:gas/{key}"] for key in ("two", "one")]})
    return name


@pytest.mark.parametrize("old", ["2021-02-22", "before-BY-6", "after-RU-3"])
def test_what_people_call_a_state_becomes_an_address_that_lasts(
    parties: Parties, before: str, head: Client, old: str
) -> None:
    answer = head.get(f"/map/gas/compare?old={old}&new=now&language=ru")
    parties.words("RU", "provision:gas/two", "Новое.", accept=True)
    parties.exchange()

    again = head.get(answer["Location"])

    assert answer.status_code == 302 and again.status_code == 200
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert cuts.named(parties.programme(), query["old"][0])
    assert "Слова один и ещё два." in again.content.decode() and "Новое." not in again.content.decode()


def test_words_are_compared_in_an_authentic_language_and_no_other_one_says_that_nothing_differs(
    parties: Parties, head: Client
) -> None:
    said = {"words": {"ru": "Слова один."}}
    parties.road_map("gas")
    parties.act("BY", Propose("provision:gas/one", said, {"en": {"words": "Words one."}}))
    name = cuts.name(cuts.now(parties.programme()))
    other = {"words": {"ru": "Слова другие."}}
    parties.agree("provision:gas/one", other)
    parties.act("BY", Propose("provision:gas/one", other, {"en": {"words": "Words one."}}))
    english = {"accept-language": "en"}

    page = head.get(f"/map/gas/compare?old={name}&new=now&wording=clean", follow=True, headers=english)
    working = head.get(
        f"/map/gas/compare?old={name}&new=now&wording=clean&language=en", follow=True, headers=english
    ).content.decode()

    assert "<ins>другие</ins>" in page.content.decode()
    assert "Nothing differs" in working
    assert "In RU, which is authentic: 1 changed" in working and "language=ru" in working
    assert "which is authentic:" not in page.content.decode()


@pytest.mark.parametrize("view", ["", "&view=columns", "&show=whole", "&view=columns&show=whole"])
def test_changes_moves_and_renumberings_stand_on_the_page(
    parties: Parties, before: str, head: Client, view: str
) -> None:
    page = head.get(f"/map/gas/compare?old={before}&new=now&language=ru{view}", follow=True).content.decode()

    assert "<ins>и ещё</ins>" in page or "<ins>и ещё два</ins>" in page
    assert "1 moved" in page and "2 renumberings" in page
    assert 'href="#c1"' in page and 'id="c1"' in page
    assert "1 → 2" in page


@pytest.mark.parametrize("view", ["", "&view=columns"])
def test_reserves_stand_at_the_provision_that_changed(
    parties: Parties, before: str, head: Client, view: str
) -> None:
    parties.act("RU", Reserve("provision:gas/one", "parliamentary"))
    parties.exchange()

    page = head.get(f"/map/gas/compare?old={before}&new=now&language=ru{view}", follow=True).content.decode()

    assert page.count('<p class="remark">') == 1 and "парламентская оговорка" in page


def test_the_page_names_the_entries_between_the_states(parties: Parties, before: str, head: Client) -> None:
    page = head.get(f"/map/gas/compare?old={before}&language=ru", follow=True).content.decode()

    last = parties.programme().by["RU"].entries[-1]
    assert f'href="/record/RU/{last.n}"' in page
    assert "Entries between the two states" in page


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("BY1-RU999", "this node holds"),
        ("yesterday", "is no state"),
        ("after-BY-999", "no state"),
        ("2999-01-01", "not come yet"),
    ],
)
def test_a_state_that_is_none_is_named_and_the_choice_stays(
    parties: Parties, before: str, head: Client, old: str, why: str
) -> None:
    answer = head.get(f"/map/gas/compare?old={old}")

    assert answer.status_code == 200
    assert why in answer.content.decode() and 'name="old_day"' in answer.content.decode()


def test_a_reader_compares_with_what_he_saw_last(parties: Parties, viewer: Client) -> None:
    parties.road_map("gas")
    reader = Person.objects.get(username="reader")
    viewer.get("/map/gas")
    first = cuts.name(cuts.now(parties.programme()))
    assert last_seen(reader.pk, "gas") == ""
    parties.agree("provision:gas/one", {"words": {"ru": "Слова один и два."}})

    viewer.get("/map/gas", headers={"HX-Request": "true"})
    assert last_seen(reader.pk, "gas") == ""
    viewer.get("/map/gas")
    viewer.get("/map/gas")

    assert last_seen(reader.pk, "gas") == first
    answer = viewer.get("/map/gas/compare")
    assert f"old={first}" in answer["Location"]


def test_the_comparison_leaves_as_a_file_that_was_checked(
    parties: Parties, before: str, head: Client
) -> None:
    query = f"old={before}&new=now&language=ru"

    checked = head.get(f"/map/gas/compare.docx?{query}").content.decode()
    answer = head.get(f"/map/gas/compare.docx/file?{query}")

    assert "tracked changes in the name of" in checked and "/map/gas/compare.docx/file?" in checked
    now = cuts.name(cuts.now(parties.programme()))
    assert answer["Content-Disposition"] == f'attachment; filename="gas-{before}-to-{now}-ru.docx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert b"w:moveTo " in package.read("word/document.xml")
    for address in ("compare.txt", "compare.docx/file?old=BY1-RU999", "compare.odt/file"):
        assert head.get(f"/map/gas/{address}").status_code == 404


def test_comparisons_are_for_the_delegation_only(parties: Parties) -> None:
    parties.road_map("gas")

    for address in ("compare", "compare.docx", "compare.docx/file"):
        assert Client().get(f"/map/gas/{address}").status_code == 302


def test_the_contents_name_the_measure_whose_cell_changed(parties: Parties, head: Client) -> None:
    parties.road_map("gas")
    items = [[1, "provision:gas/one"], [1, "measure:gas/m1"]]
    parties.agree("outline:gas", {"items": items})
    parties.agree("measure:gas/m1/action", {"words": {"ru": "Открыть рынок газа."}})
    parties.agree("measure:gas/m1/deadline", {"date": "2024-01-01"})
    old = cuts.name(cuts.now(parties.programme()))
    parties.agree("measure:gas/m1/deadline", {"date": "2025-06-01"})

    page = head.get(f"/map/gas/compare?old={old}&language=ru", follow=True).content.decode()

    contents = page[page.index("changes-outline") : page.index("</nav>", page.index("changes-outline"))]
    assert "M1 Открыть рынок газа." in contents
    assert "1 paragraph unchanged" in page or "paragraphs unchanged" in page
