"""The public names."""

from __future__ import annotations

import pkgutil

import supplyroutes as sr


def test_public_names_are_few_and_all_there():
    """At most 40 names, each loads."""
    assert len(sr.__all__) <= 40
    assert all(getattr(sr, name) is not None for name in sr.__all__)
    assert set(sr.__all__) <= set(dir(sr))


def test_no_public_function_hides_a_module_of_its_name():
    """Importing a module sets it on the package: a function of that name would be lost."""
    modules = {module.name for module in pkgutil.iter_modules(sr.__path__)}
    assert modules & set(sr.__all__) == {"datasets", "errors", "plot"}
