"""A file comes back: what changed in it becomes proposals of who changed it, and nothing is silent."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from paraph.acts import Propose, TakeStance, name_of, proposal_id
from paraph.papers.documents import Document
from paraph.papers.docx.reading import read_docx
from paraph.papers.files import read_file
from paraph.papers.kinds import outgoing
from paraph.papers.plain import document_of
from paraph.papers.returned import NEW, Candidate, Returned, Upload, returned
from paraph.papers.roadmaps import Wanted
from paraph.papers.sent import COME_BACK, as_sent, origin
from paraph.papers.settled import authors, settled
from paraph.state import cuts, roadmaps
from paraph.state.programme import Programme
from tests.papers.corpora import corpus
from tests.papers.test_roadmap_papers import ONE, TWO, content
from tests.parties import Parties

THREE, MEASURE = "provision:gas/three", "measure:gas/m1"


@pytest.fixture
def parties() -> Parties:
    """Two parties with the road map that is sent."""
    return agreed(Parties.make("BY", "RU"))


def agreed(made: Parties) -> Parties:
    """A road map with three agreed provisions, one of them with a reference, and one measure."""
    contents: dict[str, dict[str, Any]] = {
        "card:gas": {"number": 1, "title": {"ru": "Карта"}},
        "outline:gas": {"items": [[1, about] for about in (ONE, TWO, THREE, MEASURE)]},
        ONE: content("Цены растут, как сказано в пункте {ref:two}.", "Цены"),
        TWO: content("Транзит свободен до 2025 года."),
        THREE: content("Поставки идут по трубе."),
        f"{MEASURE}/action": {"words": {"ru": "Подписать протокол."}},
        f"{MEASURE}/deadline": {"date": "2022-12-31"},
        f"{MEASURE}/bodies": {"bodies": {"BY": [{"ru": "Минэнерго"}]}},
    }
    accepted = [TakeStance(proposal_id(about, said), "accepts") for about, said in contents.items()]
    made.act("BY", *(Propose(about, said) for about, said in contents.items()), *accepted)
    made.exchange()
    made.act("RU", *accepted)
    made.exchange()
    return made


def paper(parties: Parties, kind: str = "bracketed") -> bytes:
    """A paper of the road map, as it is sent."""
    return outgoing(kind, "docx", Wanted(parties.programme("BY"), "gas", "ru")).data


def edited(data: bytes, *changes: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """A Word file whose text, or another part of it, somebody changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for change in changes if name == part else ():
                before, text = text, change(text)
                assert text != before
            new.writestr(name, text)
    return out.getvalue()


def typed(old: str, new: str) -> Callable[[str], str]:
    """Somebody typed other words, and Word did not track it."""
    return lambda part: part.replace(old, new, 1)


def tracked(old: str, new: str, author: str) -> Callable[[str], str]:
    """Somebody typed other words under tracked changes."""
    by = f'w:author="{author}" w:date="2021-03-01T10:00:00Z"'
    text = '<w:t xml:space="preserve">'
    gone = f'<w:del w:id="901" {by}><w:r><w:delText xml:space="preserve">{old}</w:delText></w:r></w:del>'
    come = f'<w:ins w:id="902" {by}><w:r>{text}{new}</w:t></w:r></w:ins>'
    return lambda part: part.replace(old, f"</w:t></w:r>{gone}{come}<w:r>{text}", 1)


def paragraph(words: str, *, after: str) -> Callable[[str], str]:
    """Somebody typed a paragraph behind the one that ends in some words."""

    def change(part: str) -> str:
        at = part.index("</w:p>", part.index(after)) + len("</w:p>")
        return f"{part[:at]}<w:p><w:r><w:t>{words}</w:t></w:r></w:p>{part[at:]}"

    return change


def without(words: str) -> Callable[[str], str]:
    """Somebody deleted the paragraph that holds some words."""

    def change(part: str) -> str:
        begin, end = part.rindex("<w:p>", 0, part.index(words)), part.index("</w:p>", part.index(words))
        return part[:begin] + part[end + len("</w:p>") :]

    return change


def read(
    parties: Parties, data: bytes | Document, tmp_path: Path, sender: str = "RU",
    who: Mapping[str, str] | None = None, chosen: Mapping[int, str] | None = None,
) -> Returned:  # fmt: skip
    """What a file that came back proposes."""
    programme = parties.programme("BY")
    if isinstance(data, Document):
        document, where, sent = data, None, None
    else:
        path = tmp_path / "returned.docx"
        path.write_bytes(data)
        document = read_docx(path, "marked")
        where = origin(programme, document)
        sent = as_sent(programme, "gas", where) if where else None
    then = cuts.at(programme, where.cut) if where else programme
    given = Upload(document, "ru", sender, who or {}, chosen or {}, where, sent, "upload")
    return returned(programme, then, "gas", "BY", given)


def words_of(one: Candidate) -> str:
    """The words that a candidate puts forward."""
    words: str = one.acts[0].content["words"]["ru"]
    return words


def recorded(parties: Parties, found: Returned) -> Programme:
    """What follows once everything that is proposed stands in the record."""
    parties.act("BY", *(act for one in found.candidates for act in one.acts))
    programme = parties.programme("BY")
    assert programme.voids == {}
    return programme


# ---------------------------------------------------------------- a paper of ours


def check_references(path: Path) -> None:
    """Every reference leads to a bookmark of the same paper, and every bookmark is there once."""
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode()
    names = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]*)"', xml)
    assert len(names) == len(set(names))
    assert set(re.findall(r" REF (\S+) ", xml)) <= set(names)


def test_a_paper_that_comes_back_as_it_left_proposes_nothing(demo: Programme, tmp_path: Path) -> None:
    path = tmp_path / "paper.docx"
    for one in roadmaps.road_maps(demo):
        for kind in COME_BACK:
            for language, sender in (("ru", "RU"), ("en", "BY")):
                path.write_bytes(outgoing(kind, "docx", Wanted(demo, one.id, language)).data)
                check_references(path)
                document = read_docx(path, "marked")
                where = origin(demo, document)
                assert where is not None and (where.kind, where.language) == (kind, language)
                sent = as_sent(demo, one.id, where)
                names = {p.code: p.name.values() for p in demo.charter.parties}
                who = {a: next((c for c in names if a in names[c]), "") for a in authors(document)}
                given = Upload(document, language, sender, who, {}, where, sent)
                found = returned(demo, demo, one.id, "BY", given)
                assert (found.candidates, found.troubles, found.unmarked) == ([], [], [])


def test_words_that_nobody_marked_are_named_and_are_the_senders(parties: Parties, tmp_path: Path) -> None:
    data = edited(paper(parties), typed("свободен до 2025", "возможен до 2030"))

    found = read(parties, data, tmp_path)

    (row,) = found.unmarked
    assert "".join(s.text for s in row.segments if s.kind == "inserted").split() == ["возможен", "2030"]
    (one,) = found.candidates
    assert (one.party, one.about, words_of(one)) == ("RU", TWO, "Транзит возможен до 2030 года.")
    assert one.acts[0].received_from == "RU"
    assert roadmaps.labels(recorded(parties, found), name_of(one.acts[0])) == ["RU*"]


def test_a_cell_that_nobody_marked_is_named_by_its_measure(parties: Parties, tmp_path: Path) -> None:
    found = read(parties, edited(paper(parties), typed("Подписать протокол", "Подписать договор")), tmp_path)

    assert [row.numbers for row in found.unmarked] == [("", "M1")]


def test_tracked_changes_are_those_of_the_party_of_their_author(parties: Parties, tmp_path: Path) -> None:
    data = edited(
        paper(parties),
        tracked("свободен", "возможен", "Иванов"),
        tracked("идут по трубе", "идут по двум трубам", "Novik"),
    )

    found = read(parties, data, tmp_path, "RU", {"Иванов": "RU", "Novik": "BY"})

    assert found.unmarked == []
    assert {(one.party, one.about, words_of(one)) for one in found.candidates} == {
        ("RU", TWO, "Транзит возможен до 2025 года."),
        ("BY", THREE, "Поставки идут по двум трубам."),
    }
    assert {one.acts[0].received_from for one in found.candidates} == {"RU", ""}


def test_what_nobody_marked_is_not_taken_for_the_words_of_who_tracked_other_changes(
    parties: Parties, tmp_path: Path
) -> None:
    data = edited(
        paper(parties),
        typed("свободен до 2025", "возможен до 2030"),
        tracked("идут по трубе", "идут по двум трубам", "Novik"),
        paragraph("Счета проверяются.", after="года."),
        without("Цены растут"),
    )

    found = read(parties, data, tmp_path, "RU", {"Novik": "BY"})

    assert {(one.party, one.about) for one in found.candidates} == {
        ("RU", TWO), ("RU", "outline:gas"), ("BY", THREE),
    }  # fmt: skip


def test_numbers_become_references_again_and_the_heading_stays_apart(
    parties: Parties, tmp_path: Path
) -> None:
    found = read(parties, edited(paper(parties), typed("Цены растут", "Цены быстро растут")), tmp_path)

    (one,) = found.candidates
    assert one.acts[0].content == {
        "words": {"ru": "Цены быстро растут, как сказано в пункте {ref:two}."},
        "heading": {"ru": "Цены"},
    }


def test_a_paragraph_more_is_a_new_provision_and_one_less_is_deleted(
    parties: Parties, tmp_path: Path
) -> None:
    data = edited(
        paper(parties), paragraph("Счета проверяются ежегодно.", after="2025 года"), without("по трубе")
    )

    found = read(parties, data, tmp_path)

    (one,) = found.candidates
    assert one.kind == "outline"
    programme = recorded(parties, found)
    new, outline = one.acts
    assert new.content == {"words": {"ru": "Счета проверяются ежегодно."}}
    items = [item for _level, item in programme.outline_items(name_of(outline))]
    assert items == [ONE, TWO, new.subject, MEASURE]


def test_what_is_new_behind_something_that_only_one_party_wants_in_stands_behind_what_is_in(
    parties: Parties, tmp_path: Path
) -> None:
    wanted = "provision:gas/wanted"
    parties.act("RU", Propose(wanted, content("Цены публикуются.")))
    items = {"items": [[1, ONE], [1, TWO], [1, wanted], [1, THREE], [1, MEASURE]]}
    outline_name = proposal_id("outline:gas", items)
    parties.act("RU", Propose("outline:gas", items), TakeStance(outline_name, "accepts", "ad_referendum"))
    parties.exchange()
    data = edited(paper(parties), paragraph("Счета проверяются ежегодно.", after="публикуются"))

    found = read(parties, data, tmp_path)

    (one,) = found.candidates
    new, outline = one.acts
    assert [item for _level, item in outline.content["items"]] == [ONE, TWO, new.subject, THREE, MEASURE]


def test_a_paragraph_can_be_mapped_otherwise(parties: Parties, tmp_path: Path) -> None:
    data = edited(paper(parties), paragraph("Цена равна цене для Смоленска.", after="2025 года"))
    first = read(parties, data, tmp_path)
    (place,) = [one.place for one in first.mapped if one.target == NEW]

    found = read(parties, data, tmp_path, chosen={place: TWO})

    (one,) = found.candidates
    assert words_of(one) == "Транзит свободен до 2025 года.\nЦена равна цене для Смоленска."


def test_brackets_typed_by_hand_are_alternatives(parties: Parties, tmp_path: Path) -> None:
    data = edited(paper(parties), typed("свободен до 2025", "[свободен] [возможен] до 2025"))

    found = read(parties, data, tmp_path)

    assert [words_of(one) for one in found.candidates] == ["Транзит возможен до 2025 года."]


def test_a_bracket_that_was_not_understood_is_not_chosen_to_be_sent(parties: Parties, tmp_path: Path) -> None:
    data = edited(paper(parties), paragraph("Плата [не берётся [никогда].", after="2025 года"))

    (one,) = read(parties, data, tmp_path).candidates

    assert not one.wanted
    assert "as signs" in str(one.sentences[1])


def test_a_new_provision_with_alternatives_is_proposed_in_each(parties: Parties, tmp_path: Path) -> None:
    data = edited(paper(parties), paragraph("Плата [берётся] [не берётся].", after="2025 года"))

    (one,) = read(parties, data, tmp_path).candidates

    assert [act.content["words"]["ru"] for act in one.acts[:2]] == ["Плата берётся.", "Плата не берётся."]
    assert one.acts[0].subject == one.acts[1].subject


def test_labelled_brackets_give_each_party_its_words(parties: Parties, tmp_path: Path) -> None:
    data = edited(
        paper(parties), typed("свободен до 2025", "[BY: свободен] [RU: возможен, но платен,] до 2025")
    )

    found = read(parties, data, tmp_path)

    assert [words_of(one) for one in found.candidates] == ["Транзит возможен, но платен, до 2025 года."]


def test_brackets_that_do_not_balance_are_listed(parties: Parties, tmp_path: Path) -> None:
    found = read(parties, edited(paper(parties), typed("свободен", "[свободен")), tmp_path)

    (trouble,) = found.troubles
    assert (trouble.about, "never closed" in str(trouble.sentence)) == (TWO, True)


def test_words_in_two_alphabets_are_refused_with_the_fix(parties: Parties, tmp_path: Path) -> None:
    found = read(parties, edited(paper(parties), typed("Транзит", "Tранзит")), tmp_path)

    assert found.candidates == []
    (trouble,) = found.troubles
    assert trouble.fix == "Транзит свободен до 2025 года."


def test_the_corrected_text_can_be_put_forward_and_is_not_chosen_by_itself(
    parties: Parties, tmp_path: Path
) -> None:
    data = edited(paper(parties), typed("Транзит свободен", "Tранзит возможен"))

    found = read(parties, data, tmp_path)

    (one,) = found.candidates
    assert (words_of(one), one.wanted) == ("Транзит возможен до 2025 года.", False)
    assert "corrected here" in str(one.sentences[0])
    assert [trouble.fix for trouble in found.troubles] == ["Транзит возможен до 2025 года."]


def test_a_deadline_is_read_and_what_is_none_is_named(parties: Parties, tmp_path: Path) -> None:
    found, wrong = (
        read(parties, edited(paper(parties), typed("31 декабря 2022", said)), tmp_path)
        for said in ("30 июня 2023", "скоро")
    )

    (one,) = found.candidates
    assert (one.about, one.acts[0].content) == (f"{MEASURE}/deadline", {"date": "2023-06-30"})
    assert (wrong.candidates, [trouble.about for trouble in wrong.troubles]) == ([], [f"{MEASURE}/deadline"])


@pytest.mark.parametrize(
    ("said", "day", "how"),
    [
        ("I полугодие 2023", "2023-06-30", ["the last day of that period."]),
        ("до 1 июля 2023", "2023-07-01", ["where the day before is meant, write that day."]),
        ("30 июня 2023", "2023-06-30", []),
    ],
)  # fmt: skip
def test_a_deadline_in_words_is_proposed_as_a_day_and_how_it_was_read_is_said(
    parties: Parties, tmp_path: Path, said: str, day: str, how: list[str]
) -> None:
    (one,) = read(parties, edited(paper(parties), typed("31 декабря 2022", said)), tmp_path).candidates

    assert one.acts[0].content == {"date": day}
    assert [str(sentence).startswith(f"“{said} г.” is read as {day}") for sentence in one.sentences] == [
        True
    ] * len(how)
    assert all(str(sentence).endswith(end) for sentence, end in zip(one.sentences, how, strict=True))


def test_words_that_came_since_are_told_and_the_change_is_not_chosen(
    parties: Parties, tmp_path: Path
) -> None:
    data = edited(paper(parties), typed("свободен", "возможен"))
    parties.words("BY", TWO, "Транзит свободен до 2040 года.")

    (one,) = read(parties, data, tmp_path).candidates

    assert not one.wanted
    assert "Other words came since" in str(one.sentences[0])


def test_a_working_language_gives_translations_of_the_own_party_only(
    parties: Parties, tmp_path: Path
) -> None:
    parties.act("BY", Propose(TWO, content("Транзит свободен до 2025 года."),
                              {"en": {"words": "Transit is free until 2025."}}))  # fmt: skip
    data = outgoing("clean", "docx", Wanted(parties.programme("BY"), "gas", "en")).data
    path = tmp_path / "clean.docx"
    path.write_bytes(edited(data, typed("is free", "shall be free")))
    programme = parties.programme("BY")
    document = read_docx(path, "marked")
    where = origin(programme, document)
    assert where is not None
    sent = as_sent(programme, "gas", where)

    own, theirs = (
        returned(programme, programme, "gas", "BY", Upload(document, "en", sender, {}, {}, where, sent))
        for sender in ("BY", "RU")
    )

    (one,) = own.candidates
    assert one.kind == "translation"
    assert one.acts[0].translations == {"en": {"words": "Transit shall be free until 2025."}}
    assert theirs.candidates == []
    assert "working language" in str(theirs.troubles[0].sentence)


# ---------------------------------------------------------------- any other file


def test_a_draft_of_another_hand_is_mapped_by_its_words(parties: Parties, tmp_path: Path) -> None:
    draft = document_of(
        "ПРОЕКТ\nТранзит свободен до 2025 года.\nЦены растут, как сказано в пункте 2.\n"
        "Счета проверяются ежегодно.\nПоставки идут по трубе и по морю."
    )

    found = read(parties, draft, tmp_path)

    words, outline = found.candidates
    assert (words.about, words_of(words)) == (THREE, "Поставки идут по трубе и по морю.")
    assert outline.sentences[0].params == {"new": 1, "gone": 0, "moved": 1}
    (new,) = [one.paragraph.words for one in found.mapped if one.target == NEW]
    assert new == "Счета проверяются ежегодно."
    assert found.mapped[0].target not in (ONE, TWO, THREE)
    assert found.troubles == []


def test_what_a_draft_leaves_out_is_named_and_not_deleted(parties: Parties, tmp_path: Path) -> None:
    found = read(parties, document_of("Транзит свободен до 2025 года.\nПоставки идут по трубе."), tmp_path)

    assert found.candidates == []
    assert [trouble.about for trouble in found.troubles] == [ONE]


def test_headings_on_lines_of_their_own_are_those_of_the_provisions_behind_them(
    parties: Parties, tmp_path: Path
) -> None:
    draft = document_of(
        "Проект\nСтатья 1\nТранзит свободен до 2025 года.\n"
        "Статья 2\nЦены\nЦены растут, как сказано в пункте 2.\nСтатья 3\nПоставки идут по трубе."
    )

    found = read(parties, draft, tmp_path)

    (moved,) = found.candidates
    assert [act.subject for act in moved.acts] == ["outline:gas"]
    assert [item for _level, item in moved.acts[0].content["items"]] == [TWO, ONE, THREE, MEASURE]
    assert found.troubles == []


def test_a_first_draft_brings_all_articles_with_what_they_hold_into_an_empty_road_map(tmp_path: Path) -> None:
    made = Parties.make("BY", "RU")
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта"}})
    path = tmp_path / "draft.md"
    path.write_text(
        "# СОГЛАШЕНИЕ о газе\n\nСтороны согласились о нижеследующем:\n\n## Раздел I. Общее\n\n"
        "### Статья 1\n\nПредмет\n\n1\\. Газ поставляется.\n\n2\\. Он [оплачивается] [дарится].\n\n"
        "### Статья 2. Термины\n\nВ этом тексте:\n\nа) «газ» означает метан;\n\n"
        "## Раздел II. Прочее\n\n### Статья 3\n\nСтороны сотрудничают.\n"
    )

    found = read(made, read_file(path, "marked"), tmp_path)

    (one,) = found.candidates
    programme = recorded(made, found)
    contents = [act.content for act in one.acts[:-1]]
    said = [
        (content.get("heading", {}).get("ru", ""), content["words"].get("ru", "")) for content in contents
    ]
    assert said == [
        ("", "Стороны согласились о нижеследующем:"),
        ("Общее", ""),
        ("Предмет", "1. Газ поставляется.\n2. Он оплачивается."),
        ("Предмет", "1. Газ поставляется.\n2. Он дарится."),
        ("Термины", "В этом тексте:\nа) «газ» означает метан;"),
        ("Прочее", ""),
        ("", "Стороны сотрудничают."),
    ]
    levels = [level for level, _item in programme.outline_items(name_of(one.acts[-1]))]
    assert levels == [1, 1, 2, 2, 1, 2]
    (told,) = found.troubles
    assert "has no text yet" in str(told.sentence)


def test_the_next_draft_changes_its_articles_and_brings_one_more_and_the_same_one_nothing(
    tmp_path: Path,
) -> None:
    made = Parties.make("BY", "RU")
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта"}})
    first = (
        "# СОГЛАШЕНИЕ о газе\n\n### Статья 1\n\nПредмет\n\n1\\. Газ поставляется по трубе.\n\n"
        "2\\. Он [оплачивается] [дарится].\n\n### Статья 2. Термины\n\nВ этом тексте:\n\n"
        "а) «газ» означает метан;\n"
    )
    then = first.replace("[оплачивается] [дарится]", "оплачивается в рублях").replace(
        "\n\nа)", "\n\nаа) «труба» означает трубу;\n\nа)"
    )
    path = tmp_path / "draft.md"
    path.write_text(first)
    recorded(made, read(made, read_file(path, "marked"), tmp_path))

    same = read(made, read_file(path, "marked"), tmp_path)
    path.write_text(f"{then}\n### Статья 3. Срок\n\nПять лет.\n\n# Приложение\n\nСписок.\n")
    found = read(made, read_file(path, "marked"), tmp_path)

    assert (same.candidates, same.troubles) == ([], [])
    subject, terms, outline = found.candidates
    assert words_of(subject) == "1. Газ поставляется по трубе.\n2. Он оплачивается в рублях."
    assert words_of(terms) == "В этом тексте:\nаа) «труба» означает трубу;\nа) «газ» означает метан;"
    assert outline.acts[0].content == {"words": {"ru": "Пять лет."}, "heading": {"ru": "Срок"}}
    assert [str(sentence) for sentence in outline.sentences] == ["1 inserted, 0 deleted, 0 moved."]


def test_a_letter_with_a_few_provisions_is_told_in_one_sentence(tmp_path: Path) -> None:
    made = Parties.make("BY", "RU")
    keys = [f"provision:gas/p{at}" for at in range(9)]
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта"}})
    made.agree("outline:gas", {"items": [[1, key] for key in keys]})
    for at, key in enumerate(keys):
        made.agree(key, content(f"Положение {'абвгдежзи'[at] * 5} действует до {2030 + at} года."))
    letter = "Коллеги, предлагаем:\n3. Положение ввввв действует до 2050 года.\nС уважением"

    found = read(made, document_of(letter), tmp_path)

    assert [words_of(one) for one in found.candidates] == ["Положение ввввв действует до 2050 года."]
    assert [str(one.sentence) for one in found.troubles] == [
        "The file has 1 of 9 provisions; the others stay as they are."
    ]


@pytest.mark.parametrize("accepting", [True, False])
def test_changes_are_settled_on_paragraphs_as_on_the_file(accepting: bool) -> None:
    count = 0
    for path in sorted(corpus("docx").rglob("*.docx")):
        try:
            marked = read_docx(path, "marked")
        except ValueError:
            continue
        if not authors(marked):
            continue
        whole = read_docx(path, "accepted" if accepting else "rejected")
        mine = settled(marked, lambda _change: accepting)
        count += 1

        assert [one.words for one in mine.paragraphs if one.words and "note" not in one.place] == [
            one.words for one in whole.paragraphs if one.words and "note" not in one.place
        ], path.name
    assert count > 15
