"""A file comes back: what its writer put there tells which paragraph is which provision, whatever it says."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from paraph.acts import Propose, TakeStance, proposal_id
from paraph.papers.comparison import compare
from paraph.papers.documents import Document
from paraph.papers.docx.package import W
from paraph.papers.docx.papers import bookmark
from paraph.papers.files import read_file
from paraph.papers.kinds import outgoing
from paraph.papers.returned import NEW, Returned, Upload, returned
from paraph.papers.roadmaps import Wanted
from paraph.papers.sent import EXCHANGED, as_sent, origin
from paraph.state import cuts, roadmaps
from paraph.state.programme import Programme
from tests.papers.test_returned import MEASURE, THREE, agreed, edited, paper, paragraph, read, typed, words_of
from tests.papers.test_roadmap_papers import ONE, TWO
from tests.parties import Parties


@pytest.fixture
def parties() -> Parties:
    """Two parties with the road map that is sent, in one authentic language."""
    return agreed(Parties.make("BY", "RU"))


@pytest.fixture
def two_tongues() -> Parties:
    """Two parties with two authentic languages, and a road map with three provisions and a measure."""
    made = Parties.make("BY", "RU", authentic=("ru", "en"), working=())
    contents: dict[str, dict[str, Any]] = {
        "card:gas": {"number": 1, "title": {"ru": "Карта", "en": "Map"}},
        "outline:gas": {"items": [[1, about] for about in (ONE, TWO, THREE, MEASURE)]},
        ONE: {
            "words": {"ru": "Цены растут.", "en": "Prices rise."},
            "heading": {"ru": "Цены", "en": "Prices"},
        },
        TWO: {"words": {"ru": "Транзит свободен до 2025 года.", "en": "Transit is free until 2025."}},
        THREE: {"words": {"ru": "Поставки идут по трубе.", "en": "Supplies come by pipe."}},
        f"{MEASURE}/action": {"words": {"ru": "Подписать протокол.", "en": "Sign the protocol."}},
        f"{MEASURE}/deadline": {"date": "2022-12-31"},
    }
    accepted = [TakeStance(proposal_id(about, said), "accepts") for about, said in contents.items()]
    made.act("BY", *(Propose(about, said) for about, said in contents.items()), *accepted)
    made.exchange()
    made.act("RU", *accepted)
    made.exchange()
    return made


def exchanged(parties: Parties) -> str:
    """The road map as another program gets it."""
    return outgoing(EXCHANGED, EXCHANGED, Wanted(parties.programme("BY"), "gas", "ru")).data.decode()


def back(parties: Parties, text: str, tmp_path: Path) -> tuple[Returned, Document]:
    """What an exchanged file proposes, read in each of its languages."""
    path = tmp_path / "gas.akn"
    path.write_text(text)
    programme = parties.programme("BY")
    document = read_file(path, "marked")
    where = origin(programme, document)
    assert where is not None and where.kind == EXCHANGED and document.made is not None
    beside = {
        one: (read_file(path, "marked", one), as_sent(programme, "gas", where, one))
        for one in document.made.languages[1:]
    }
    sent = as_sent(programme, "gas", where)
    given = Upload(document, where.language, "RU", {}, {}, where, sent, "upload", beside=beside)
    return returned(programme, cuts.at(programme, where.cut), "gas", "BY", given), document


def provision_of(text: str, about: str) -> str:
    """The element of a provision."""
    found = re.search(rf'<paragraph [^>]*GUID="{about}".*?</paragraph>', text, re.DOTALL)
    assert found
    return found[0]


# ---------------------------------------------------------------- Akoma Ntoso


def test_an_exchanged_file_that_comes_back_as_it_left_proposes_nothing(
    parties: Parties, tmp_path: Path
) -> None:
    found, document = back(parties, exchanged(parties), tmp_path)

    assert (found.candidates, found.troubles, found.unmarked) == ([], [], [])
    assert {ONE, TWO, THREE, MEASURE} <= {one.key for one in document.paragraphs}


def test_a_provision_that_was_moved_and_reworded_is_itself_by_its_id(
    parties: Parties, tmp_path: Path
) -> None:
    text = exchanged(parties)
    three = provision_of(text, THREE)
    text = text.replace(three, "").replace(
        provision_of(text, ONE),
        three.replace("Поставки идут по трубе", "Сжиженный газ возят морем") + provision_of(text, ONE),
    )

    found, _document = back(parties, text, tmp_path)

    words, outline = found.candidates
    assert (words.about, words_of(words), words.acts[0].replaces != "") == (
        THREE,
        "Сжиженный газ возят морем.",
        True,
    )
    assert [item for _level, item in outline.acts[-1].content["items"]] == [THREE, ONE, TWO, MEASURE]
    assert found.troubles == []


def test_where_the_permanent_id_is_gone_the_present_place_tells(parties: Parties, tmp_path: Path) -> None:
    text = exchanged(parties)
    three = provision_of(text, THREE)
    other = three.replace(f' GUID="{THREE}"', "").replace(
        "Поставки идут по трубе", "Сжиженный газ возят морем"
    )

    found, _document = back(parties, text.replace(three, other), tmp_path)

    assert [(one.about, words_of(one)) for one in found.candidates] == [(THREE, "Сжиженный газ возят морем.")]


def test_an_id_that_stands_twice_is_not_believed(parties: Parties, tmp_path: Path) -> None:
    text = exchanged(parties)
    two = provision_of(text, TWO)
    copy = two.replace("Транзит свободен до 2025 года", "Счета проверяются ежегодно")

    found, document = back(parties, text.replace(two, copy + two), tmp_path)

    assert any("stands 2 times" in str(one) for one in document.report.flags)
    (one,) = found.candidates
    assert (one.kind, one.acts[0].content["words"]) == ("outline", {"ru": "Счета проверяются ежегодно."})


def test_words_proposed_beside_agreed_ones_are_told_apart_from_them(parties: Parties, tmp_path: Path) -> None:
    parties.words("BY", TWO, "Транзит свободен до 2040 года.")
    parties.exchange()
    text = exchanged(parties)

    agreed_ones, _document = back(
        parties, text.replace("свободен до 2025 года", "платен до 2025 года"), tmp_path
    )
    others, _document = back(parties, text.replace("до 2040 года", "до 2050 года"), tmp_path)

    assert [words_of(one) for one in agreed_ones.candidates] == ["Транзит платен до 2025 года."]
    assert [words_of(one) for one in others.candidates] == ["Транзит свободен до 2050 года."]


@pytest.mark.parametrize("changed", [("ru",), ("en",), ("ru", "en")])
def test_a_file_in_two_languages_makes_one_proposal_in_both(
    two_tongues: Parties, tmp_path: Path, changed: tuple[str, ...]
) -> None:
    text = exchanged(two_tongues)
    words = {"ru": ("свободен до 2025", "свободен до 2030"), "en": ("free until 2025", "free until 2030")}
    for language in changed:
        text = text.replace(*words[language])

    found, _document = back(two_tongues, text, tmp_path)

    (one,) = found.candidates
    assert one.acts[0].content["words"] == {
        "ru": f"Транзит свободен до {2030 if 'ru' in changed else 2025} года.",
        "en": f"Transit is free until {2030 if 'en' in changed else 2025}.",
    }
    said = [str(sentence) for sentence in one.sentences]
    assert not any("Concordance pending" in sentence for sentence in said)
    assert any("stay as they were" in sentence for sentence in said) == (len(changed) == 1)


# ---------------------------------------------------------------- Word


def without_bookmarks(part: str) -> str:
    """Some program kept the content controls alone."""
    return re.sub(r"<w:bookmark(Start|End) [^>]*/>", "", part)


def without_controls(part: str) -> str:
    """Some program kept the bookmarks alone."""
    return re.sub(r"</?w:sdtContent>|<w:sdtPr>.*?</w:sdtPr>|</?w:sdt>", "", part)


def around(part: str) -> str:
    """Controls stand around paragraphs, as Word puts them once they hold several, and not inside."""
    tree = etree.fromstring(part.encode())
    for control in tree.findall(f"{W}body/{W}p/{W}sdt"):
        held, content = control.getparent(), control.find(f"{W}sdtContent")
        assert held is not None and content is not None
        held.extend(list(content))
        held.addprevious(control)
        content.append(held)
    return etree.tostring(tree, encoding="unicode")


@pytest.mark.parametrize("lost", [without_bookmarks, without_controls])
def test_a_reworded_paragraph_is_itself_while_bookmark_or_content_control_is_left(
    parties: Parties, tmp_path: Path, lost: Callable[[str], str]
) -> None:
    data = edited(paper(parties), lost, typed("Поставки идут по трубе", "Сжиженный газ возят морем"))

    (one,) = read(parties, data, tmp_path).candidates

    assert (one.about, words_of(one)) == (THREE, "Сжиженный газ возят морем.")


def test_a_paragraph_that_lost_both_is_known_by_its_words(parties: Parties, tmp_path: Path) -> None:
    name = bookmark(THREE)
    data = edited(
        paper(parties),
        lambda part: part.replace(f'w:val="{name}"', 'w:val=""').replace(f'w:name="{name}"', 'w:name="x"'),
        typed("идут по трубе", "идут по трубе и по морю"),
    )

    (one,) = read(parties, data, tmp_path).candidates

    assert (one.about, words_of(one)) == (THREE, "Поставки идут по трубе и по морю.")


@pytest.mark.parametrize(("control", "form"), [("w:sdt", around), ("w:p", str)])
def test_a_copied_content_control_is_not_believed(
    parties: Parties, tmp_path: Path, control: str, form: Callable[[str], str]
) -> None:
    def copied(part: str) -> str:
        found = re.findall(rf"<{control}>.*?</{control}>", part)
        (one,) = [control for control in found if "Транзит" in control]
        copy = one.replace("Транзит свободен до 2025 года", "Счета проверяются ежегодно")
        return part.replace(one, copy + one)

    data = edited(paper(parties), without_bookmarks, lambda part: copied(form(part)))

    found = read(parties, data, tmp_path)

    (one,) = found.candidates
    assert (one.kind, one.acts[0].content["words"]) == ("outline", {"ru": "Счета проверяются ежегодно."})
    assert [m.paragraph.words for m in found.mapped if m.target == NEW] == ["Счета проверяются ежегодно."]


@pytest.mark.parametrize("form", [around, str])
def test_what_is_typed_behind_a_provision_in_its_control_is_a_new_one(
    parties: Parties, tmp_path: Path, form: Callable[[str], str]
) -> None:
    new = paragraph("Счета проверяются.", after="2025 года")
    data = edited(paper(parties), without_bookmarks, lambda part: new(form(part)))

    (one,) = read(parties, data, tmp_path).candidates

    assert (one.kind, one.acts[0].content["words"]) == ("outline", {"ru": "Счета проверяются."})


def struck(words: str, *, marks: str, form: Callable[[str], str] = str) -> Callable[[str], str]:
    """A paragraph is deleted under tracked changes, with its bookmark as in LibreOffice, or as in Word."""

    def change(part: str) -> str:
        tree = etree.fromstring(form(part).encode())
        (paragraph,) = (one for one in tree.iter(W + "p") if words in str(one.xpath("string()")))
        (looks,) = paragraph.iter(W + "pPr")
        etree.SubElement(etree.SubElement(looks, W + "rPr"), W + "del", {W + "author": "RU"})
        for name, gone in (("t", "delText"), ("instrText", "delInstrText")):
            for one in list(paragraph.iter(W + name)):
                one.tag = W + gone
        kinds = ("r",) if marks == "outside" else ("r", "bookmarkStart", "bookmarkEnd")
        for one in list(paragraph.iter(*(W + kind for kind in kinds))):
            deletion = etree.Element(W + "del", {W + "author": "RU"})
            one.addprevious(deletion)
            deletion.append(one)
        return etree.tostring(tree, encoding="unicode")

    return change


@pytest.mark.parametrize("marks", ["outside", "inside"])
@pytest.mark.parametrize("form", [around, str])
def test_a_provision_deleted_under_tracked_changes_is_gone_and_the_next_one_is_itself(
    parties: Parties, tmp_path: Path, form: Callable[[str], str], marks: str
) -> None:
    sent, came = tmp_path / "sent.docx", tmp_path / "came.docx"
    sent.write_bytes(paper(parties))
    came.write_bytes(edited(sent.read_bytes(), struck("растут", marks=marks, form=form)))

    (one,) = read(parties, came.read_bytes(), tmp_path, who={"RU": "RU"}).candidates
    counts = compare(read_file(sent), read_file(came)).counts

    assert (one.kind, [about for _level, about in one.acts[0].content["items"]]) == (
        "outline",
        [TWO, THREE, MEASURE],
    )
    assert (counts["deleted"], counts["changed"], counts["joined"]) == (1, 0, 0)


def inserted(words: str, *, at: str, behind: bool) -> Callable[[str], str]:
    """Somebody typed a paragraph under tracked changes; behind another, that one's end is new."""
    who = 'w:id="9" w:author="Петров" w:date="2021-03-01T10:00:00Z"'
    mark = f"<w:rPr><w:ins {who}/></w:rPr></w:pPr>"
    new = f"<w:ins {who}><w:r><w:t>{words}</w:t></w:r></w:ins></w:p>"

    def change(part: str) -> str:
        place = part.index(at)
        if behind:
            begin, end = part.rindex("</w:pPr>", 0, place), part.index("</w:p>", place) + len("</w:p>")
            other = part[begin:end].replace("</w:pPr>", mark, 1)
            return f"{part[:begin]}{other}<w:p>{new}{part[end:]}"
        begin = part.rindex("<w:p>", 0, place)
        return f"{part[:begin]}<w:p><w:pPr>{mark}{new}{part[begin:]}"

    return change


def without_ids(part: str) -> str:
    """Some program kept nothing but the words: no ids, and numbers as words."""
    part = re.sub(r"<w:r><w:(fldChar|instrText) [^>]*(/>|>[^<]*</w:instrText>)</w:r>", "", part)
    return without_controls(without_bookmarks(part))


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("lost", [without_bookmarks, without_controls, without_ids])
def test_a_paragraph_inserted_under_tracked_changes_is_a_new_provision_and_no_part_of_its_neighbour(
    parties: Parties, tmp_path: Path, lost: Callable[[str], str], behind: bool
) -> None:
    neighbour = "Транзит" if behind else "Поставки"
    data = edited(paper(parties), lost, inserted("Счета проверяются.", at=neighbour, behind=behind))

    (one,) = read(parties, data, tmp_path, who={"Петров": "RU"}).candidates

    assert (one.kind, one.acts[0].content["words"]) == ("outline", {"ru": "Счета проверяются."})


def struck_with_its_end(part: str) -> str:
    """Somebody deleted a whole paragraph under tracked changes, with its end."""
    who = 'w:id="9" w:author="Петров" w:date="2021-03-01T10:00:00Z"'
    place = part.index("Транзит")
    begin, end = part.rindex("<w:p>", 0, place), part.index("</w:p>", place)
    gone = part[begin:end].replace("</w:pPr>", f"<w:rPr><w:del {who}/></w:rPr></w:pPr>", 1)
    for name in ("t", "instrText"):
        deleted = f"del{name[0].upper()}{name[1:]}"
        gone = gone.replace(f"<w:{name} ", f"<w:{deleted} ").replace(f"</w:{name}>", f"</w:{deleted}>")
    gone = re.sub(r"<w:r>.*?</w:r>", rf"<w:del {who}>\g<0></w:del>", gone)
    return part[:begin] + gone + part[end:]


@pytest.mark.parametrize("lost", [str, without_ids])
def test_a_provision_that_was_struck_with_its_end_goes_and_the_next_one_is_itself(
    parties: Parties, tmp_path: Path, lost: Callable[[str], str]
) -> None:
    data = paper(parties) if lost is str else edited(paper(parties), lost)

    (one,) = read(parties, edited(data, struck_with_its_end), tmp_path, who={"Петров": "RU"}).candidates

    assert [act.subject for act in one.acts] == ["outline:gas"]
    assert [item for _level, item in one.acts[0].content["items"]] == [ONE, THREE, MEASURE]


def test_a_provision_that_was_moved_under_tracked_changes_is_itself_where_it_came(
    parties: Parties, tmp_path: Path
) -> None:
    def moved(part: str) -> str:
        who = 'w:id="9" w:author="Петров" w:date="2021-03-01T10:00:00Z"'
        found = re.search(r"<w:p>(?:(?!</w:p>).)*Транзит.*?</w:p>", part)
        assert found
        old, new = (
            re.sub(r"<w:r>.*?</w:r>", rf"<w:{tag} {who}>\g<0></w:{tag}>", found[0]).replace(
                "</w:pPr>", f"<w:rPr><w:{tag} {who}/></w:rPr></w:pPr>", 1
            )
            for tag in ("moveFrom", "moveTo")
        )
        behind = part.replace(found[0], old)
        end = behind.index("</w:p>", behind.index("Поставки")) + len("</w:p>")
        return f"{behind[:end]}{new}{behind[end:]}"

    data = edited(paper(parties), without_ids, moved)

    (one,) = read(parties, data, tmp_path, who={"Петров": "RU"}).candidates

    assert [act.subject for act in one.acts] == ["outline:gas"]
    assert [item for _level, item in one.acts[0].content["items"]] == [ONE, THREE, TWO, MEASURE]


@pytest.mark.parametrize("kind", ["clean", "bracketed", "comparison"])
def test_a_paper_that_lost_its_ids_is_read_against_what_it_said(
    demo: Programme,
    tmp_path: Path,
    kind: str,
) -> None:
    path = tmp_path / "paper.docx"
    left = outgoing(kind, "docx", Wanted(demo, "gas-market", "ru")).data
    path.write_bytes(edited(left, without_ids))
    document = read_file(path, "marked")
    where = origin(demo, document)
    assert where is not None
    sent = as_sent(demo, "gas-market", where)

    found = returned(demo, demo, "gas-market", "BY", Upload(document, "ru", "RU", {}, {}, where, sent))

    assert ([one.number for one in found.candidates], found.unmarked, found.troubles) == ([], [], [])


def test_words_in_our_brackets_that_somebody_pasted_elsewhere_propose_nothing(
    demo: Programme,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "pasted.docx"
    left = outgoing("bracketed", "docx", Wanted(demo, "gas-market", "ru")).data
    path.write_bytes(edited(left, without_ids, lambda part: part.replace("Состояние на", "Письмо от")))
    document = read_file(path, "marked")
    assert origin(demo, document) is None

    found = returned(demo, demo, "gas-market", "BY", Upload(document, "ru", "RU", {}, {}))

    assert [str(one.sentence) for one in found.troubles] == []
    assert [(one.number, one.after) for one in found.candidates] == []


def test_content_controls_carry_ids_and_nothing_else(parties: Parties, tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    path.write_bytes(paper(parties))
    with zipfile.ZipFile(path) as package:
        part = package.read("word/document.xml").decode()

    tags = re.findall(r'<w:tag w:val="([^"]*)"/>', part)

    assert sorted(tags) == sorted(bookmark(about) for about in (ONE, TWO, THREE, MEASURE))
    assert "<w:sdtContent><w:p>" not in part  # LibreOffice would show what fields compute
    for properties in re.findall(r"<w:sdtPr>(.*?)</w:sdtPr>", part):
        assert re.fullmatch(
            r'<w:tag w:val="_P[0-9a-f]{16}"/><w:id w:val="\d+"/><w15:appearance w15:val="hidden"/>',
            properties,
        )


def test_what_is_struck_at_one_place_and_typed_at_another_has_moved(parties: Parties, tmp_path: Path) -> None:
    data = edited(
        paper(parties),
        struck("Транзит свободен", marks="outside"),
        inserted("Транзит свободен до 2025 года.", at="Поставки", behind=True),
        lambda part: part.replace("Петров", "RU"),
    )

    (one,) = read(parties, data, tmp_path, who={"RU": "RU"}).candidates

    assert one.acts[0].content["items"] == [[1, ONE], [1, THREE], [1, TWO], [1, MEASURE]]


def test_a_provision_parted_into_two_paragraphs_has_other_words(parties: Parties, tmp_path: Path) -> None:
    mark = '<w:rPr><w:ins w:id="9" w:author="RU"/></w:rPr></w:pPr>'

    def parted(part: str) -> str:
        begin = part.rindex("</w:pPr>", 0, part.index("Транзит"))
        part = f"{part[:begin]}{mark}{part[begin + len('</w:pPr>') :]}"
        return part.replace("Транзит свободен", "Транзит</w:t></w:r></w:p><w:p><w:r><w:t>свободен", 1)

    (one,) = read(
        parties, edited(paper(parties), without_controls, parted), tmp_path, who={"RU": "RU"}
    ).candidates

    assert (one.about, words_of(one)) == (TWO, "Транзит\nсвободен до 2025 года.")


# ---------------------------------------------------------------- the annex of measures


def with_cells(made: Parties) -> Parties:
    """The measure with bodies of both parties, a form of completion and an indicator, all agreed."""
    contents: dict[str, dict[str, Any]] = {
        f"{MEASURE}/bodies": {
            "bodies": {"BY": [{"ru": "Минэнерго"}, {"ru": "Минфин"}], "RU": [{"ru": "Минэк"}]}
        },
        f"{MEASURE}/completion": {"words": {"ru": "протокол"}},
        f"{MEASURE}/indicator": {
            "words": {"ru": "Доля рынка"}, "target": "12", "unit": "%", "source": "Белстат",
        },
    }  # fmt: skip
    for about, content in contents.items():
        made.agree(about, content)
    return made


def said(found: Returned) -> dict[str, tuple[str, dict[str, Any]]]:
    """Subject -> whose proposal, and its content."""
    assert all(len(one.acts) == 1 for one in found.candidates)
    return {one.about: (one.party, one.acts[0].content) for one in found.candidates}


def test_every_cell_of_an_exchanged_measure_that_changed_is_proposed(
    parties: Parties, tmp_path: Path
) -> None:
    text = exchanged(with_cells(parties))
    for old, new in (
        ("Подписать протокол", "Подписать договор"),
        (">Минфин<", ">Министерство торговли, связи<"),
        (">2022-12-31<", ">2023-06-30<"),
        (">протокол<", ">договор<"),
        (">12<", ">15<"),
    ):
        assert old in text
        text = text.replace(old, new)

    found, _document = back(parties, text, tmp_path)

    assert found.troubles == []
    assert said(found) == {
        f"{MEASURE}/action": ("RU", {"words": {"ru": "Подписать договор."}}),
        f"{MEASURE}/bodies": (
            "RU",
            {
                "bodies": {
                    "BY": [{"ru": "Минэнерго"}, {"ru": "Министерство торговли, связи"}],
                    "RU": [{"ru": "Минэк"}],
                }
            },
        ),
        f"{MEASURE}/deadline": ("RU", {"date": "2023-06-30"}),
        f"{MEASURE}/completion": ("RU", {"words": {"ru": "договор"}}),
        f"{MEASURE}/indicator": (
            "RU",
            {"words": {"ru": "Доля рынка"}, "target": "15", "unit": "%", "source": "Белстат"},
        ),
    }


def test_the_wording_of_one_party_among_several_in_a_cell_is_changed_alone(
    parties: Parties, tmp_path: Path
) -> None:
    with_cells(parties)
    for about, content in (
        (f"{MEASURE}/deadline", {"date": "2024-01-31"}),
        (f"{MEASURE}/bodies", {"bodies": {"BY": [{"ru": "Банк"}], "RU": [{"ru": "Минэк"}]}}),
        (f"{MEASURE}/indicator", {"words": {"ru": "Часть рынка"}, "target": "40", "unit": "%"}),
    ):
        parties.act("RU", Propose(about, content))
    parties.exchange()
    text = exchanged(parties)
    for old, new in ((">2024-01-31<", ">2024-02-29<"), (">Банк<", ">Нацбанк<"), (">40<", ">45<")):
        assert old in text
        text = text.replace(old, new)

    found, _document = back(parties, text, tmp_path)

    assert found.troubles == []
    assert said(found) == {
        f"{MEASURE}/deadline": ("RU", {"date": "2024-02-29"}),
        f"{MEASURE}/bodies": ("RU", {"bodies": {"BY": [{"ru": "Нацбанк"}], "RU": [{"ru": "Минэк"}]}}),
        f"{MEASURE}/indicator": ("RU", {"words": {"ru": "Часть рынка"}, "target": "45", "unit": "%"}),
    }


def test_bodies_that_two_languages_name_are_named_in_both(two_tongues: Parties, tmp_path: Path) -> None:
    bodies = {"bodies": {"BY": [{"ru": "Минэнерго", "en": "MinEnergy"}]}}
    two_tongues.agree(f"{MEASURE}/bodies", bodies)
    text = exchanged(two_tongues).replace(">Минэнерго<", ">Минфин<").replace(">MinEnergy<", ">MinFin<")

    found, _document = back(two_tongues, text, tmp_path)

    assert said(found)[f"{MEASURE}/bodies"][1] == {"bodies": {"BY": [{"ru": "Минфин", "en": "MinFin"}]}}


def test_a_row_more_in_the_annex_is_a_new_measure_in_both_languages(
    two_tongues: Parties, tmp_path: Path
) -> None:
    text = exchanged(two_tongues)
    row = re.search(r"<tr [^>]*GUID=.*?</tr>", text, re.DOTALL)
    assert row is not None
    fresh = re.sub(r"<tr [^>]*>", "<tr>", row[0])
    for old, new in (
        ("Подписать протокол", "Открыть биржу в Минске"),
        ("Sign the protocol", "Open an exchange in Minsk"),
        ("2022-12-31", "2024-12-31"),
    ):
        fresh = fresh.replace(old, new)

    found, _document = back(two_tongues, text.replace(row[0], row[0] + fresh), tmp_path)

    (one,) = found.candidates
    action, deadline, outline = one.acts
    assert action.content == {"words": {"ru": "Открыть биржу в Минске.", "en": "Open an exchange in Minsk."}}
    assert deadline.content == {"date": "2024-12-31"}
    assert outline.content["items"][-2:] == [[1, MEASURE], [1, action.subject.rpartition("/")[0]]]


def test_an_annex_that_comes_back_as_it_left_proposes_nothing(demo: Programme, tmp_path: Path) -> None:
    path = tmp_path / "a.akn"
    for one in roadmaps.road_maps(demo):
        path.write_bytes(outgoing(EXCHANGED, EXCHANGED, Wanted(demo, one.id, "ru")).data)
        document = read_file(path, "marked")
        where = origin(demo, document)
        assert where is not None and document.made is not None
        beside = {
            tongue: (read_file(path, "marked", tongue), as_sent(demo, one.id, where, tongue))
            for tongue in document.made.languages[1:]
        }
        sent = as_sent(demo, one.id, where)
        for sender in ("BY", "RU"):
            given = Upload(document, where.language, sender, {}, {}, where, sent, "upload", beside=beside)

            found = returned(demo, demo, one.id, "BY", given)

            assert (found.candidates, found.troubles) == ([], [])
