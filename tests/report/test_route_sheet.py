"""The driver and convoy sheet in words, Markdown and PDF."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.errors import MissingDependencyError
from supplyroutes.report.blocks import Blanks, Facts, Grid, Lines, Row, Section, Sheet
from supplyroutes.report.route_sheet import _ranges, route_sheet, write_route_sheet
from supplyroutes.report.sheet_markdown import sheet_markdown
from supplyroutes.report.sheet_pdf import sheet_pdf
from tests import toy
from tests.strategies import events_of, network_of, source, town

HOSTILE = (
    "<script>alert(1)</script> & <b>",
    "=cmd()|' /C calc'!A0 | **x** _y_ [z](http://q)",
    "$\\frac{1}{2}$ `code` {nb} # {0}",
    "بماكو مدينة",
    "漢字 Ségou e\u0301",
    "L" * 200,
    "x " * 90 + "end",
)


@pytest.fixture(scope="module")
def mali():
    """Routes of 15 October 2025 to Bamako, by origin."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    return {
        origin: sr.route(day, events, origin=origin, to="bamako")
        for origin in ("dakar", "yamoussoukro")
    }


@pytest.fixture(scope="module")
def hostile():
    """A route through towns whose names and reports are markup, formulas and long words."""
    places = range(len(HOSTILE))
    towns = [town(f"t{n}", n / 10, name=HOSTILE[n], country=f"T{n}") for n in places]
    roads = [
        {"edge": f"r{n}", "u": f"t{n}", "v": f"t{n + 1}", "length_km": "50", "border": "true",
         "checkpoints": str(n), "road_ref": "<i>N1</i> | $1$"}
        for n in places[:-1]
    ]  # fmt: skip
    told = {"text": "<b>|</b> " + "word " * 390, "source": "https://x.y/" + "z" * 180}
    report = toy.told("e1", kind="checkpoint_extortion", edges="r1", commodity="fuel", **told)
    events = events_of([report])
    network = network_of(towns, roads, [source("t0")])
    day = sr.disrupt(network, events, at="2025-01-12")
    return sr.route(day, events, origin="t0", to=f"t{places[-1]}")


def pages(content):
    """Return the text of every page of a PDF, with plain blanks."""
    texts = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return [re.sub(r"[\u00a0\u202f]", " ", text) for text in texts]


def squeezed(text):
    """Return text without blanks: lines are broken anywhere in a cell."""
    return re.sub(r"\s", "", text)


# --- words --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_sheet_says_what_the_route_holds(mali, lang):
    """Km, hours and days in the head; every leg with its towns, and cumulated km and hours."""
    route, say = mali["dakar"], words(lang)
    sheet = route_sheet(route, lang=lang)
    facts = dict(sheet.sections[0].blocks[0].rows)
    assert say.number(route.length_km) in facts[say("sheet.distance")]
    assert facts[say("sheet.time")].startswith(say.number(route.time_h, 1))
    assert facts[say("sheet.days")].startswith("6")
    assert say.day(date(2025, 10, 20)) in facts[say("sheet.days")]
    assert "ML014, SC05" in facts[say("sheet.curfew")]
    assert "10–14" in facts[say("sheet.curfew")]
    assert say("map.country.SEN") in facts[say("sheet.borders")]
    assert facts[say("sheet.nights")].count(",") == len(route.nights) - 1
    grid = sheet.sections[1].blocks[0]
    assert len(grid.rows) == len(route.legs)
    last = grid.rows[-1]
    assert last.cells[3] == "Kati → Bamako"
    assert last.cells[8] == say.number(route.time_h, 1)
    assert last.cells[10] == say("status.refused")
    assert last.cells[11].startswith("ML045, 28")
    assert last.marked
    assert not grid.rows[0].marked


def test_cautions_come_first(mali):
    """Open roads that no report speaks of, and what was published after the day.

    From Yamoussoukro legs 9, 11 and 12 have no report of their own, but a ban holds there; ML061
    on its way was published later. On the way from Dakar no report was, though others were.
    """
    silent, *_, later = route_sheet(mali["yamoussoukro"]).sections[0].blocks[1].rows
    assert silent.startswith("8 of 15 legs count as open")
    assert "published after that day, up to 31 October 2025" in later
    sheet = route_sheet(mali["dakar"])
    cautions = sheet.sections[0].blocks[1]
    assert cautions.strong
    assert cautions.rows[0].startswith("15 of 16 legs count as open by assumption")
    assert mali["dakar"].known_until == date(2025, 11, 30)
    assert not any("published after" in line for line in cautions.rows)


def test_every_report_named_on_a_leg_is_told_with_its_source(mali):
    """Whatever id stands in the legs stands in the reports."""
    for route in mali.values():
        sections = route_sheet(route).sections
        grid = next(
            block
            for section in sections
            for block in section.blocks
            if isinstance(block, Grid) and len(block.head) == 7
        )
        told = {row.cells[0]: row.cells[5] for row in grid.rows}
        legs = sections[1].blocks[0].rows
        named = set(re.findall(r"\b(?:ML|SC)\d+", " ".join((*(r.note for r in legs), *(r.cells[-1] for r in legs)))))  # fmt: skip  # noqa: E501
        assert named <= set(told)
        assert all(told.values())


def test_a_report_published_after_the_day_is_marked(mali):
    """ML061 was published on 31 October."""
    sheet = route_sheet(mali["yamoussoukro"])
    rows = next(section for section in sheet.sections if "Reports" in section.title).blocks[0].rows
    marked = {row.cells[0] for row in rows if row.marked}
    assert marked == {"ML061", "ML051"}


def test_an_old_picture_is_said_to_be_old():
    """Three months after the last report."""
    network, events = sr.datasets.toy()
    route = sr.route(
        sr.disrupt(network, events, at="2025-04-15"), events, origin="port", to="north"
    )
    cautions = route_sheet(route).sections[0].blocks[1].rows
    assert any("The last report is 92 days old" in line for line in cautions)
    assert any("older than 30 (14 to 60) days" in line for line in cautions)


def test_unknown_roads_delays_and_nights_on_the_road_are_told():
    """A fire that ran out; a tax of 6 h; a leg longer than a day."""
    events = events_of(
        [
            toy.told("v", kind="vehicle_burning", edges="port--north", start="2024-12-01",
                     end="2024-12-01", commodity="fuel"),
            toy.told("t", kind="base_attack", scope="point", nodes="bridge"),
        ]
    )  # fmt: skip
    day = sr.disrupt(toy.network(), events, at="2025-01-10")
    route = sr.route(day, events, origin="port", to="bridge")
    sheet = route_sheet(route)
    text = sheet_markdown(sheet)
    assert "the state is unknown" in text
    assert "slowed by t" in text
    assert "night 1: North" in text


def test_a_night_on_the_road_is_told():
    """A leg of more hours than a day has."""
    rows = [{"edge": "ab", "u": "a", "v": "b", "length_km": "600"}]
    network, events = network_of([town("a"), town("b", 1)], rows, [source("a")]), events_of([])
    day = sr.disrupt(network, events, at="2025-01-10")
    text = sheet_markdown(route_sheet(sr.route(day, events, origin="a", to="b")))
    assert "night 1: on the road, leg 1" in text


def test_what_was_asked_of_the_trip_is_told():
    """Towns to pass and to avoid, and the worst road accepted."""
    events = events_of([])
    day = sr.disrupt(toy.network(), events, at="2025-01-10")
    trip = sr.Trip(via=("SUD",), avoid=("nord",), accepts="restricted")
    facts = dict(
        route_sheet(sr.route(day, events, origin="port", to="east", trip=trip))
        .sections[0].blocks[0].rows
    )  # fmt: skip
    assert facts["To be passed"] == "South"
    assert facts["Avoided"] == "North"
    assert facts["Worst road accepted"] == "restricted"
    assert facts["Worst road"] == "all roads open"
    assert (facts["Curfew"], facts["Borders"]) == ("none reported", "none")


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ((toy.told("n"), toy.told("s", edges="port--south")), {}, "which are closed"),
        ((toy.told("n"),), {"avoid": ("south",), "accepts": "escorted"}, "worse than it accepts"),
        ((), {"avoid": ("south", "north")}, "There is no road from Port to East"),
    ],
)
def test_no_way_says_why(rows, options, said):
    """Closed, not accepted, or no road on any day."""
    events = events_of(rows)
    day = sr.disrupt(toy.network(), events, at="2025-01-10")
    route = sr.route(day, events, origin="port", to="east", trip=sr.Trip(**options))
    text = sheet_markdown(route_sheet(route))
    assert said in text
    assert ("Port → North" in text) == bool(rows)
    assert "Before leaving" not in text


@pytest.mark.parametrize(("lang", "told"), [("en", "| ferry |"), ("fr", "| bac |")])
def test_a_ferry_is_told_in_place_of_a_surface(lang, told):
    """And a border between towns of no known country has a dash."""
    rows = [{"edge": "ab", "u": "a", "v": "b", "length_km": "10", "mode": "ferry",
             "border": "true"}]  # fmt: skip
    towns = [town("a", country=""), town("b", 0.05, country="")]
    network, events = network_of(towns, rows, [source("a")]), events_of([])
    day = sr.disrupt(network, events, at="2025-01-10")
    text = sheet_markdown(route_sheet(sr.route(day, events, origin="a", to="b"), lang=lang))
    assert told in text
    assert "–, " in text


def test_alternatives_that_may_be_missing_are_said(mali):
    """The search stopped."""
    route = replace(mali["dakar"], complete=False)
    assert "Only the first 4,096 ways" in sheet_markdown(route_sheet(route))
    assert "Only the first" not in sheet_markdown(route_sheet(mali["dakar"]))


def test_a_long_footer_is_whole_on_every_page(mali):
    """Sixty impact rules: each is named on each page, below the text."""
    rules = tuple(f"RULE{number:02}" for number in range(60))
    route = replace(mali["dakar"], rules=rules)
    for text in pages(sheet_pdf(route_sheet(route), route.at)):
        assert all(rule in squeezed(text) for rule in rules)


def test_no_way_is_a_page_of_pdf():
    """The closed road, in French."""
    events = events_of([toy.told("n"), toy.told("s", edges="port--south")])
    day = sr.disrupt(toy.network(), events, at="2025-01-10")
    route = sr.route(day, events, origin="port", to="east")
    (text,) = pages(sheet_pdf(route_sheet(route, lang="fr"), route.at))
    assert "Aucun passage" in text
    assert "Port → North" in text


def test_ranges_of_legs():
    """Two neighbours are named, three are a range."""
    assert list(_ranges([1, 2, 4, 6, 7, 8])) == ["1", "2", "4", "6–8"]
    assert list(_ranges((3,))) == ["3"]


# --- formats ------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["dakar", "yamoussoukro"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_rel_090_two_pages_each_marked_sensitive_dated_and_numbered(mali, origin, lang):
    """On every page: sensitive, the rules, the day, the newest report, the page."""
    route, say = mali[origin], words(lang)
    texts = pages(sheet_pdf(route_sheet(route, lang=lang), route.at))
    assert len(texts) == 2
    for number, text in enumerate(texts, 1):
        assert say("sheet.sensitive") in text
        whole = squeezed(text)
        for told in (
            say("sheet.rules"),
            say("sheet.page", page=number, pages=2),
            say.day(date(2025, 11, 30)),
            say("sheet.dated", day=say.day(route.at)),
        ):
            assert squeezed(told) in whole
    shown = squeezed("".join(texts))
    for name in (*route.legs["head_name"], *route.reports["source"].str[:20]):
        assert squeezed(name) in shown


def test_twenty_legs_fit_two_pages():
    """As many legs as a long way has, each with a note."""
    towns = [town(f"t{n:02}", n / 4, name=f"Tambacounda {n}", country="TOY") for n in range(21)]
    roads = [
        {"edge": f"r{n:02}", "u": f"t{n:02}", "v": f"t{n + 1:02}", "length_km": "60",
         "checkpoints": "1"}
        for n in range(20)
    ]  # fmt: skip
    events = events_of([])
    day = sr.disrupt(network_of(towns, roads, [source("t00")]), events, at="2025-01-12")
    route = sr.route(day, events, origin="t00", to="t20")
    assert len(route.legs) == 20
    assert len(pages(sheet_pdf(route_sheet(route), route.at))) <= 2


def test_the_head_of_a_table_stands_on_every_page_that_it_reaches():
    """200 rows: no row is lost, and each page has the head."""
    grid = Grid(("Place", "Number"), tuple(Row((f"row{n}", str(n))) for n in range(200)), (1, 1))
    texts = pages(sheet_pdf(sheet_of(Lines(("line",) * 90), grid), date(2025, 1, 1)))
    assert len(texts) > 3
    with_rows = [text for text in texts if "row" in text]
    assert all("Place" in text for text in with_rows)
    assert re.findall(r"row(\d+)", "\n".join(texts)) == [str(n) for n in range(200)]


@pytest.mark.parametrize("suffix", ["md", "pdf"])
def test_same_route_gives_the_same_bytes(mali, tmp_path, suffix):
    """Written twice; nothing of the clock or of the machine is in it."""
    one, two = (tmp_path / f"{number}.{suffix}" for number in (1, 2))
    for path in (one, two):
        write_route_sheet(path, mali["dakar"], lang="fr")
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(tmp_path):
    """Another order of hashes, another zone of time."""
    code = (
        "from supplyroutes.cli import main; import sys; sys.argv = ['supplyroutes', 'route', "
        "'port', 'east', '--case', 'toy', '--date', '2025-01-12', '-o', sys.argv[1]]; main()"
    )
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        path = tmp_path / f"{seed}.pdf"
        subprocess.run(
            [sys.executable, "-c", code, str(path)], check=True, capture_output=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "MPLCONFIGDIR": str(tmp_path)},
        )  # fmt: skip
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_the_document_tells_the_day_of_the_data_and_its_language(mali):
    """Made on the day of the sheet; sensitive in its title."""
    route = mali["dakar"]
    reader = PdfReader(BytesIO(sheet_pdf(route_sheet(route, lang="fr"), route.at)))
    assert reader.metadata is not None
    assert reader.metadata.title == "SENSIBLE: Dakar → Bamako"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2025, 10, 15)
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert [round(page.mediabox.width / 72 * 25.4) for page in reader.pages] == [210, 210]


def test_rel_017_hostile_names_are_plain_text_in_markdown(hostile):
    """No special character stands bare, tables stay whole, every name is there."""
    text = sheet_markdown(route_sheet(hostile))
    assert not re.search(r"(?<!\\)(?:\\\\)*[<$`\[]", text)
    unescaped = re.sub(r"\\(.)", r"\1", text)
    for name in HOSTILE:
        assert unicodedata.normalize("NFC", name.strip()) in unescaped
    cells = 0
    for line in text.splitlines():
        count = len(re.split(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in {0, count} or not count
        cells = count


def test_rel_017_hostile_names_are_plain_text_in_pdf(hostile):
    """Markup, formulas and placeholders are printed as they are; no glyph is no reason to stop."""
    whole = squeezed("".join(pages(sheet_pdf(route_sheet(hostile), hostile.at))))
    for name in (*HOSTILE[:3], *HOSTILE[5:]):
        assert squeezed(name) in whole
    assert "��Ségoué" in whole  # no glyphs for these; combining accents are joined
    assert "word…" in whole  # a text of many lines is cut and says so


def test_rel_019_control_characters_are_dropped():
    """Whatever a block holds: no line break, no hidden or reordering character."""
    bad = "Ba\x1b[31mma\nko\u202e\u200b"
    blocks = (Facts(((bad, bad),)), Lines((bad,)), Grid(("Head",), (Row((bad,), bad, marked=True),), (1,)), Blanks((bad,)))  # fmt: skip  # noqa: E501
    sheet = sheet_of(*blocks, title=bad)
    text = sheet_markdown(sheet)
    assert not re.search(r"[\x1b\u202e\u200b]", text)
    assert text.count("Ba\\[31mma ko") == 7
    whole = squeezed("".join(pages(sheet_pdf(sheet, date(2025, 1, 1)))))
    assert whole.count("Ba[31mmako") == 7


def test_empty_texts_and_long_facts_are_set():
    """Nothing in a cell; a fact of more lines than a page would like."""
    sheet = sheet_of(Facts((("", "word " * 900),)), Grid(("", "a"), (Row(("", "")),), (1, 1)))
    assert "…" in "".join(pages(sheet_pdf(sheet, date(2025, 1, 1))))


def sheet_of(*blocks, title="Here → there"):
    """Return a sheet of these blocks."""
    section = Section("Part", blocks)
    return Sheet("en", title, "Sub", "SENSITIVE", "As of now", "Rules", "Footer", (section,))


def test_other_formats_are_refused_and_nothing_is_written(mali, tmp_path):
    """By their suffix."""
    for name in ("a.docx", "a"):
        with pytest.raises(sr.errors.RequestError, match=r"as \.md or \.pdf"):
            write_route_sheet(tmp_path / name, mali["dakar"])
    with pytest.raises(sr.errors.OutputError):
        write_route_sheet(tmp_path / "no" / "a.pdf", mali["dakar"])
    assert not list(tmp_path.iterdir())


def test_a_missing_package_names_its_extra(mali, tmp_path, monkeypatch):
    """Without fpdf2 Markdown is written and a PDF is refused with what to install."""
    monkeypatch.setitem(sys.modules, "fpdf", None)
    write_route_sheet(tmp_path / "a.md", mali["dakar"])
    with pytest.raises(MissingDependencyError, match=r"pip install 'supplyroutes\[pdf\]'"):
        write_route_sheet(tmp_path / "a.pdf", mali["dakar"])
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize("origin", ["dakar", "yamoussoukro"])
def test_languages_have_the_same_shape(mali, origin):
    """French and English have the same blocks, rows and cells."""
    shapes = [
        [
            (type(block).__name__, len(getattr(block, "rows", ())), len(getattr(block, "head", ())))
            for section in route_sheet(mali[origin], lang=lang).sections
            for block in section.blocks
        ]
        for lang in ("en", "fr")
    ]
    assert shapes[0] == shapes[1]
