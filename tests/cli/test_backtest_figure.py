"""`supplyroutes backtest --figure`: the picture of forecast against outcome."""

HEADER = "outcome,date,node,observation,value,text,source,confidence\n"
SPAN = ("--from", "2025-01-11", "--to", "2025-01-14", "--runs", "2", "--lead", "5")


def test_the_figure_is_written_beside_the_table_and_to_stderr_is_told_where(cli, tmp_path):
    """PNG by its ending; the table stays on stdout, JSON too."""
    seen = tmp_path / "outcomes.csv"
    seen.write_text(HEADER + "O1,2025-01-12,north,shortage,1,dry,s,A\n", encoding="utf-8")
    ask = ("backtest", "--case", "toy", "--outcomes", str(seen), *SPAN)
    picture = tmp_path / "forecast.png"
    code, out, err = cli(*ask, "--figure", str(picture), "--lang", "fr")
    assert code == 0
    assert "Essai rétrospectif" in out
    assert err.endswith(f"written: {picture}\n")
    assert picture.read_bytes().startswith(b"\x89PNG")
    code, told, _ = cli(*ask, "--json", "--figure", str(tmp_path / "forecast.svg"))
    assert code == 0
    assert told.startswith("{")
    assert b"</svg>" in (tmp_path / "forecast.svg").read_bytes()


def test_a_figure_that_cannot_be_written_is_an_error_in_one_line(cli, tmp_path):
    """The ending says which format; others are refused."""
    ask = ("backtest", "--case", "toy", *SPAN)
    code, _, err = cli(*ask, "--figure", str(tmp_path / "forecast.gif"))
    assert code == 2
    assert "a figure ends in .pdf, .png, .svg" in err
    assert not (tmp_path / "forecast.gif").exists()
