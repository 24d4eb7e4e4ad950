"""The command `backtest`: screens in both languages, JSON, other files, and what is refused."""

import json

import pytest

import supplyroutes as sr

SPAN = ("--from", "2025-10-01", "--to", "2025-10-07", "--runs", "1", "--lead", "7")


def test_scores_on_one_screen(cli):
    """The model, its variant and four baselines; what the scores do not say."""
    code, out, _ = cli("backtest", *SPAN)
    assert code == 0
    for name in ("model: stocks, fleet", "without fear", "persistence", "every reported road"):
        assert name in out
    assert "unknown" in out
    assert "fitted" in out
    code, out, _ = cli("backtest", *SPAN, "--lang", "fr")
    assert code == 0
    assert "rien n’est bloqué" in out


def test_json_holds_every_case(cli):
    """Labels, scores and cases, with runs and seed."""
    code, out, _ = cli("backtest", *SPAN, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["runs"], told["seed"], told["complete"]) == (1, 1, True)
    assert {row["forecaster"] for row in told["cases"]} >= {"model", "persistence"}


def test_other_files_stand_in_for_those_of_the_case(cli, tmp_path):
    """Reports and outcomes of one's own: nothing recorded is said, not scored."""
    folder = sr.datasets.folder("mali")
    head = (folder / "outcomes.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "seen.csv").write_text(head + "\n", encoding="utf-8")
    code, out, _ = cli("backtest", *SPAN, "--outcomes", str(tmp_path / "seen.csv"),
                       "--events", str(folder / "events.csv"))  # fmt: skip
    assert code == 0
    assert "Nothing was recorded" in out


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--from", "2025-10-07", "--to", "2025-10-01"), 2),
        (("--from", "2025-10-01"), 2),
        ((*SPAN, "--outcomes", "nowhere.csv"), 3),
    ],
)
def test_wrong_use_is_refused(cli, given, code):
    """Days out of order, a day missing, a file that is not there."""
    found, out, err = cli("backtest", *given)
    assert found == code
    assert not out
    assert err
