"""The scrub on its page: classes named to all parties, the approved draft kept inside."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from paraph.acts import Change, Remark, TakeStance
from paraph.mandate.approved import approved
from paraph.papers.docx.writing import Book, paragraph, run
from paraph.papers.kinds import outgoing
from paraph.papers.roadmaps import Wanted
from paraph.state import roadmaps
from tests.parties import Parties

ONE = "provision:gas/one"


@pytest.fixture
def pair(parties: Parties) -> str:
    """What a form calls a change: a word of the first provision was added after the text was complete."""
    parties.road_map("gas")
    old = parties.programme().by["BY"].choices[ONE].proposal
    return f"{old}-{parties.agree(ONE, {'words': {'ru': 'Слова один и два.'}})}"


def named(parties: Parties) -> list[str]:
    """The classes in BY's log."""
    acts = [placed.act for placed in parties.programme().by["BY"].entries]
    return [act.change.kind for act in acts if isinstance(act, Remark) and act.change]


def word_file(*lines: str) -> bytes:
    """A Word file of these paragraphs."""
    book = Book("ru")
    book.add(*(paragraph(run(line)) for line in lines))
    return book.bytes()


def test_a_class_is_proposed_and_each_party_names_it(parties: Parties, pair: str, head: Client) -> None:
    before = head.get("/map/gas/scrub?language=ru").content.decode()

    answer = head.post(
        "/map/gas/scrub/classes", {"change": pair, f"class_{pair}": "terminology"}, follow=True
    )

    assert "Words that decide duties, scope or time differ" in before and "<ins>и два</ins>" in before
    assert named(parties) == ["terminology"]
    entry = parties.programme().by["BY"].entries[-1]
    page = answer.content.decode()
    assert f'href="/record/BY/{entry.n}"' in page and "to be confirmed" in page
    assert "takes the change of" in head.get(f"/record/BY/{entry.n}").content.decode()


def test_the_share_of_changed_words_is_that_of_an_authentic_language(pair: str, head: Client) -> None:
    page = head.get("/map/gas/scrub", headers={"accept-language": "en"}).content.decode()

    assert "<ins>и два</ins>" in page and "look again" in page


def test_nothing_is_named_that_was_not_ticked_or_has_changed_meanwhile(
    parties: Parties, pair: str, head: Client
) -> None:
    none = head.post("/map/gas/scrub/classes", {f"class_{pair}": "numbering"}, follow=True)
    parties.agree(ONE, {"words": {"ru": "Слова совсем иные."}})

    late = head.post("/map/gas/scrub/classes", {"change": pair, f"class_{pair}": "numbering"}, follow=True)

    assert "Tick the changes" in none.content.decode()
    assert "Nothing was sent" in late.content.decode()
    assert named(parties) == []


def test_a_viewer_reads_and_names_nothing(parties: Parties, pair: str, viewer: Client) -> None:
    page = viewer.get("/map/gas/scrub").content.decode()

    assert "Name these classes" not in page and "Keep as the approved draft" not in page
    for address in ("classes", "approved"):
        assert viewer.post(f"/map/gas/scrub/{address}", {"change": pair, "basis": "x"}).status_code == 403
    assert named(parties) == [] and approved("gas") is None


def test_the_approved_draft_is_compared_inside_and_leaves_in_no_shared_paper(
    parties: Parties, pair: str, head: Client
) -> None:
    draft = SimpleUploadedFile(
        "draft.docx", word_file("Дорожная карта 1. Карта", "1. Слова один и два сразу.", "2. Слова два.")
    )

    answer = head.post(
        "/map/gas/scrub/approved?language=ru", {"basis": "Решение 7", "file": draft}, follow=True
    )

    page = head.get("/map/gas/scrub?language=ru").content.decode()
    assert "It stays on this node" in answer.content.decode()
    assert "Решение 7" in page and "draft.docx" in page and "1 difference" in page
    checked = head.get("/map/gas/scrub.pdf?language=ru").content.decode()
    assert "only your delegation may read" in checked and "written from the joint record alone" not in checked
    assert head.get("/map/gas/scrub.docx/file?language=ru").content.startswith(b"PK")
    shared = head.get("/map/gas/papers/scrub.docx?language=ru").content.decode()
    assert "Решение 7" not in shared and "written from the joint record alone" in shared


@pytest.mark.parametrize(("kind", "format"), [("clean", "docx"), ("akn", "akn")])
def test_a_paper_of_ours_that_was_approved_differs_in_its_text_alone(
    parties: Parties, pair: str, head: Client, kind: str, format: str
) -> None:
    file = outgoing(kind, format, Wanted(parties.programme("BY"), "gas", "ru"))
    draft = SimpleUploadedFile(f"draft.{format}", file.data)
    head.post("/map/gas/scrub/approved?language=ru", {"basis": "Решение 7", "file": draft})

    page = head.get("/map/gas/scrub?language=ru").content.decode()

    assert "The text is the approved draft, word for word." in page


def test_a_state_of_the_record_can_be_the_approved_draft(parties: Parties, pair: str, head: Client) -> None:
    head.post("/map/gas/scrub/approved?language=ru", {"basis": "Решение 7", "day": "2021-02-23"})

    page = head.get("/map/gas/scrub?language=ru").content.decode()

    assert "The text is the approved draft, word for word." in page
    parties.agree(ONE, {"words": {"ru": "Слова один, два и три."}})
    page = head.get("/map/gas/scrub?language=ru").content.decode()
    assert "1 difference" in page


@pytest.mark.parametrize(
    ("given", "why"),
    [({}, "Choose the file"), ({"file": ("a.exe", b"MZ")}, "save it as one of these"),
     ({"file": ("a.docx", b"PK broken")}, "cut off"), ({"day": "yesterday"}, "no state")],
)  # fmt: skip
def test_what_is_no_draft_is_refused_with_a_reason_and_nothing_typed_is_lost(
    parties: Parties, pair: str, head: Client, given: dict[str, object], why: str
) -> None:
    form = {
        key: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for key, value in given.items()
    }

    answer = head.post("/map/gas/scrub/approved", {"basis": "Решение № 7", **form})

    assert answer.status_code == 200
    page = answer.content.decode()
    assert why in page and 'class="error"' in page and "Решение № 7" in page
    assert approved("gas") is None


def test_a_text_that_was_never_complete_says_so(parties: Parties, head: Client) -> None:
    parties.agree("card:gas", {"number": 1, "title": {"ru": "Карта"}})

    page = head.get("/map/gas/scrub").content.decode()

    assert "it has not been yet" in page
    assert "it has not been yet" in head.get("/map/gas/scrub.pdf").content.decode()
    assert head.get("/map/gas/scrub.pdf/file").status_code == 404


def test_a_text_is_called_verified_after_its_scrub_and_by_each_party(
    parties: Parties, pair: str, head: Client
) -> None:
    def text() -> str:
        return roadmaps.road_map(parties.programme(), "gas").composed.text

    before = head.get("/map/gas/scrub").content.decode()
    refused = head.post("/map/gas/verify", {"text": text()}, follow=True).content.decode()
    old, new = pair.split("-")
    for code in ("BY", "RU"):
        parties.act(code, Remark(ONE, change=Change(old, new, "substantive")))
        parties.exchange()
    ready = head.get("/map/gas/scrub").content.decode()
    head.post("/map/gas/verify", {"text": text()})
    parties.exchange()
    name = parties.programme().on["verification:gas"][0]
    parties.act("RU", TakeStance(name, "accepts"))
    parties.exchange()

    assert "Say that the text is verified" not in before and "1 change has no class" in before
    assert "Name them first" in refused
    assert "Say that the text is verified" in ready
    assert "All parties call the text" in head.get("/map/gas/scrub").content.decode()
    assert roadmaps.road_map(parties.programme(), "gas").stage == "verified"
    closing = [head.get("/map/gas/closing").content.decode()]
    parties.agree(ONE, {"words": {"ru": "Слова опять иные."}})
    closing.append(head.get("/map/gas/closing").content.decode())
    told = ["Not every party has called this text verified." in page for page in closing]
    assert told == [False, True]
    last = parties.programme().sizes()["BY"] - 1
    for address in ("/map/gas", "/on/verification:gas", "/turn", "/board", f"/record/BY/{last}"):
        assert head.get(address).status_code == 200


def test_who_reads_another_text_or_only_reads_verifies_nothing(
    parties: Parties, head: Client, viewer: Client
) -> None:
    parties.road_map("gas")

    late = head.post("/map/gas/verify", {"text": "0" * 64}, follow=True).content.decode()

    assert "no longer the one that you read" in late
    assert viewer.post("/map/gas/verify", {"text": "0" * 64}).status_code == 403
    assert "verification:gas" not in parties.programme().on


def test_an_approved_draft_in_another_language_is_told(parties: Parties, pair: str, head: Client) -> None:
    draft = word_file("Road map", "The parties agree on prices and on transit.")

    head.post(
        "/map/gas/scrub/approved",
        {"basis": "Решение № 7", "file": SimpleUploadedFile("draft.docx", draft)},
    )

    assert "two texts of one language" in head.get("/map/gas/scrub?language=ru").content.decode()
