"""Bundled cases: there, whole, and the same each time."""

import pytest

import supplyroutes as sr


def test_every_bundled_case_is_read_without_a_warning():
    """What we ship passes our own checks (warnings are errors here)."""
    for case in sr.datasets.cases():
        network = sr.read_network(sr.datasets.folder(case))
        assert len(sr.read_events(sr.datasets.folder(case), network=network))


@pytest.mark.parametrize("case", ["toy", "mali"])
def test_a_case_is_its_folder(case):
    """The short way and the long way give equal objects."""
    network, events = getattr(sr.datasets, case)()
    folder = sr.datasets.folder(case)
    assert network == sr.read_network(folder)
    assert events == sr.read_events(folder)


@pytest.mark.parametrize("name", ["maly", "", "../mali", "/etc", "mali/", "mali\0"])
def test_an_unknown_case_is_refused(name):
    """A case is a name, not a path; the known ones are told."""
    with pytest.raises(sr.errors.UnknownIdError, match="mali"):
        sr.datasets.folder(name)
