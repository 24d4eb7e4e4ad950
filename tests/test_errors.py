"""Errors say where, what and what to do."""

import pickle

import pytest

import supplyroutes as sr
from supplyroutes.errors import DataError, MissingDependencyError, Problem, UnknownIdError


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("roads.csv", 3, "u", "is wrong"), "roads.csv:3: u: is wrong"),
        (Problem("roads.csv", None, "u", "is wrong"), "roads.csv: u: is wrong"),
        (Problem("roads.csv", 3, None, "is wrong"), "roads.csv:3: is wrong"),
    ],
)
def test_a_problem_reads_file_row_column_message(problem, text):
    """A problem is one line that an editor can jump to."""
    assert str(problem) == text


def test_a_data_error_prints_twenty_problems_and_counts_the_rest():
    """All problems are kept, twenty are printed, the rest is counted."""
    error = sr.errors.DataError([Problem("f", row, None, "wrong") for row in range(1, 26)])
    assert len(error.problems) == 25
    assert str(error).splitlines()[19:] == ["f:20: wrong", "... and 5 more problems"]


def test_exactly_twenty_problems_have_no_rest():
    """The count of the rest stands only where there is a rest."""
    assert "more" not in str(sr.errors.DataError([Problem("f", 1, None, "wrong")] * 20))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (sr.errors.UnknownIdError("town", "x", []), "no town is called 'x'"),
        (
            sr.errors.UnknownIdError("town", "x", ["y", "z"]),
            "no town is called 'x'; did you mean y or z?",
        ),
        (
            sr.errors.UnknownIdError("town", "x", ["y (r)", "z (s)"], ambiguous=True),
            "several towns are called 'x': say one of y (r), z (s)",
        ),
        (sr.errors.UnknownIdError("town", "Diéma", []), "no town is called 'Diéma'"),
        (sr.errors.UnknownIdError("town", "\u0412amako", []), "no town is called '\\u0412amako'"),
        (sr.errors.UnknownIdError("town", "a\x1b[2J", []), "no town is called 'a\\x1b[2J'"),
    ],
)
def test_an_unknown_id_names_the_nearest_and_shows_what_is_hidden(error, text):
    """Plain Latin is shown as it is; look-alikes and control characters are escaped."""
    assert str(error) == text


def test_a_long_unknown_id_is_cut():
    """A message stays readable, whatever was given."""
    assert len(str(sr.errors.UnknownIdError("town", "x" * 100_000, []))) < 200


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (sr.errors.DataError, ValueError),
        (sr.errors.UnknownIdError, KeyError),
        (sr.errors.RequestError, ValueError),
        (sr.errors.OutputError, OSError),
        (MissingDependencyError, ImportError),
        (sr.errors.DataWarning, UserWarning),
        (sr.errors.AssumptionWarning, UserWarning),
    ],
)
def test_errors_are_also_the_builtin_ones(error, builtin):
    """Who knows only Python catches them too."""
    assert issubclass(error, builtin)


@pytest.mark.parametrize(
    "error",
    [
        DataError([Problem("a.csv", 3, "x", "is wrong"), Problem("b.csv", None, None, "is gone")]),
        UnknownIdError("town", "Mopty", ["Mopti"]),
        UnknownIdError("town", "San", ["san (A)", "san (B)"], ambiguous=True),
        MissingDependencyError("fpdf2", "pdf"),
    ],
)
def test_errors_travel_whole_between_processes(error):
    """A pickled error says the same and keeps its parts."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own object)
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
