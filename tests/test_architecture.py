"""The shape of the package: arrows point left, imports stay light, the public face stays small."""

import ast
import csv
import importlib
import inspect
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import supplyroutes

PACKAGE = "supplyroutes"
ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / PACKAGE

# From left to right. A module may import what stands to its left, or in its own layer as long as
# no cycle arises. A package stands here once, for all modules in it.
LAYERS = (
    ("errors", "names", "dates", "geo", "files", "locks", "commodities", "_kernels", "catalogue"),
    ("cells",),
    ("schema",),
    ("assumptions", "core", "checks", "own_use"),
    ("frames", "network", "rules"),
    ("reported", "report_checks", "events", "places", "impacts", "conflicts"),
    ("sweep", "disruption", "io", "datasets"),
    ("analysis",),
    ("overview",),
    ("skill",),
    ("conditions", "scenario"),
    ("plot",),
    ("report",),
    ("cli",),
)
TOP = "cli"  # the one place that may use the public face itself
LAYER = {name: place for place, names in enumerate(LAYERS) for name in names}
HEAVY = {
    "pandas", "numpy", "matplotlib", "scipy", "highspy", "numba", "networkx", "pydantic"
}  # fmt: skip
# Classes of the scenario file are pydantic models; the module is loaded when a scenario is read.
AT_THE_TOP = {"scenario.model": {"pydantic"}, "scenario.telling": {"pydantic"}}
MOST_LINES, MOST_FUNCTION_LINES, MOST_PARAMETERS, MOST_PUBLIC = 400, 60, 6, 40


def modules() -> dict[str, Path]:
    """Every module of the package by dotted name, without the package's own name."""
    found = {}
    for path in sorted(CODE.rglob("*.py")):
        parts = path.relative_to(CODE).with_suffix("").parts
        if parts[0] != "data":
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def is_type_checking(node: ast.AST) -> bool:
    """Whether this is `if TYPE_CHECKING:`, which is read by type checkers and never run."""
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node below that can run: all but the body of `if TYPE_CHECKING:`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and is_type_checking(child):
            for other in child.orelse:
                yield other
                yield from running(other)
        else:
            yield child
            yield from running(child)


def face(name: str) -> str | None:
    """The module behind a name of the public face; None for what is in the face itself."""
    if name in modules():
        return name
    home: dict[str, str] = supplyroutes._HOME
    return home.get(name)


def from_import(node: ast.ImportFrom, module: str) -> Iterator[str]:
    """Modules of the package behind one `from ... import ...`."""
    base = node.module or ""
    if node.level:
        here = module.split(".") if module else []
        if modules()[module].name != "__init__.py":
            here = here[:-1]
        here = here[: len(here) - (node.level - 1)]
        base = ".".join([PACKAGE, *here, *([node.module] if node.module else [])])
    if base == PACKAGE:
        for alias in node.names:
            target = face(alias.name)
            if target is not None:
                yield target
    elif base.startswith(f"{PACKAGE}."):
        short = base.removeprefix(f"{PACKAGE}.")
        for alias in node.names:
            deeper = f"{short}.{alias.name}"
            yield deeper if deeper in modules() else short


def plain_import(names: list[str], module: str) -> Iterator[str]:
    """Modules of the package behind `import a.b` or `import_module("a.b")`."""
    for name in names:
        if name == PACKAGE and module.partition(".")[0] != TOP:
            message = f"{module} imports the public face; import the module that it needs"
            raise AssertionError(message)
        if name.startswith(f"{PACKAGE}."):
            yield name.removeprefix(f"{PACKAGE}.")


def targets(node: ast.AST, module: str) -> Iterator[str]:
    """Modules of the package that one node imports."""
    if isinstance(node, ast.ImportFrom):
        yield from from_import(node, module)
    elif isinstance(node, ast.Import):
        yield from plain_import([alias.name for alias in node.names], module)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        texts = [
            arg.value
            for arg in node.args
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        yield from plain_import(texts, module)


@cache
def arrows() -> dict[str, frozenset[str]]:
    """For every module the modules that it imports, inside functions too."""
    return {
        module: frozenset(
            target for node in running(tree(path)) for target in targets(node, module)
        )
        - {module}
        for module, path in modules().items()
        if module
    }


def test_every_module_is_in_the_table() -> None:
    unknown = {module for module in arrows() if module.split(".")[0] not in LAYER}
    assert not unknown, f"give each a layer: {sorted(unknown)}"


def test_the_table_has_no_ghosts() -> None:
    # What is planned and not there yet.
    planned: set[str] = set()
    there = {module.split(".")[0] for module in arrows()}
    assert set(LAYER) - there <= planned


def test_arrows_point_left() -> None:
    wrong = [
        f"{module} -> {target}"
        for module, found in arrows().items()
        for target in found
        if LAYER[target.split(".")[0]] > LAYER[module.split(".")[0]]
    ]
    assert not wrong, "these imports point right:\n" + "\n".join(sorted(wrong))


def test_imports_resolve_to_modules() -> None:
    known = set(modules())
    wrong = {
        f"{module} -> {target}"
        for module, found in arrows().items()
        for target in found
        if target not in known
    }
    assert not wrong


def test_no_import_cycle() -> None:
    graph = arrows()
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail[trail.index(module) :], module))
        if module not in done:
            for target in sorted(graph.get(module, ())):
                visit(target, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_the_public_face_imports_nothing_at_once() -> None:
    path = modules()[""]
    found = {target for node in running(tree(path)) for target in targets(node, "")}
    assert not found


def test_kernels_know_nothing() -> None:
    for module, path in modules().items():
        if module.split(".")[0] == "_kernels":
            for node in running(tree(path)):
                if isinstance(node, ast.Import):
                    names = {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    names = {(node.module or "").split(".")[0]}
                else:
                    continue
                assert names <= sys.stdlib_module_names, f"{module} imports {names}"


# --- light -------------------------------------------------------------------------------------


def loaded(code: str) -> set[str]:
    """Top-level names of the modules that a fresh interpreter has loaded after `code`."""
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    rest = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 0, "\n".join(rest)
    return {line.rpartition("|")[2].strip().split(".")[0] for line in lines}


def test_import_is_light() -> None:
    names = loaded("import supplyroutes; supplyroutes.__all__; dir(supplyroutes)")
    assert PACKAGE in names
    assert not names & HEAVY


def test_help_is_light() -> None:
    code = (
        "import sys; sys.argv = ['supplyroutes', '--help']; "
        "from supplyroutes.cli import main; sys.exit(main())"
    )
    names = loaded(code)
    assert "supplyroutes" in names
    assert not names & HEAVY


def test_no_heavy_import_at_the_top_of_a_module() -> None:
    wrong = []
    for module, path in modules().items():
        for node in tree(path).body:
            if isinstance(node, ast.Import):
                names = {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {(node.module or "").split(".")[0]}
            else:
                continue
            names -= AT_THE_TOP.get(module, set())
            wrong += [f"{module}: {name}" for name in sorted(names & HEAVY)]
    assert not wrong


# --- habits ------------------------------------------------------------------------------------


def places(kind: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for path in modules().values():
        for node in ast.walk(tree(path)):
            if isinstance(node, kind):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node


def test_no_print_in_the_library() -> None:
    wrong = [
        place
        for place, node in places(ast.Call)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "breakpoint", "input"}
        and not place.startswith(f"{PACKAGE}/cli")
    ]
    assert not wrong


def test_no_bare_except_and_no_assert() -> None:
    bare = [
        place
        for place, node in places(ast.ExceptHandler)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    asserts = [place for place, _ in places(ast.Assert)]
    assert not bare
    assert not asserts, "python -O takes asserts away: raise an error"


def code_lines(path: Path) -> int:
    """Lines that are neither empty, comment nor docstring."""
    text = path.read_text(encoding="utf-8").splitlines()
    left = {n for n, line in enumerate(text, 1) if line.strip() and line.strip()[0] != "#"}
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            left -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(left)


def test_sizes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Guidance, not a law: what is larger than planned is named, and nothing fails."""
    notes = []
    for module, path in modules().items():
        lines = code_lines(path)
        if lines > MOST_LINES:
            notes.append(f"module {module}: {lines} code lines")
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            doc = node.body[0] if ast.get_docstring(node) else None
            after = doc.end_lineno if doc is not None else node.lineno
            length = (node.end_lineno or node.lineno) - (after or node.lineno)
            if length > MOST_FUNCTION_LINES:
                notes.append(f"function {module}.{node.name}: {length} lines")
            told = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            count = len([arg for arg in told if arg.arg not in {"self", "cls"}])
            if count > MOST_PARAMETERS:
                notes.append(f"function {module}.{node.name}: {count} parameters")
    if notes:
        with capsys.disabled():
            sys.stdout.write("\nlarger than planned: " + "; ".join(notes) + "\n")


# --- the public face ---------------------------------------------------------------------------


def test_public_names_are_few_and_documented() -> None:
    names = supplyroutes.__all__
    assert len(names) == len(set(names)) <= MOST_PUBLIC
    missing = []
    for name in names:
        value = getattr(supplyroutes, name)
        if not inspect.getdoc(value):
            missing.append(name)
        if inspect.ismodule(value):
            public = getattr(value, "__all__", None) or [
                entry for entry, item in vars(value).items()
                if inspect.isfunction(item) and item.__module__ == value.__name__
            ]  # fmt: skip
            missing += [
                f"{name}.{entry}"
                for entry in public
                if not entry.startswith("_") and not inspect.getdoc(getattr(value, entry))
            ]
    assert not missing


def test_the_lazy_table_and_the_typed_imports_agree() -> None:
    typed: dict[str, str] = {}
    for node in tree(modules()[""]).body:
        if isinstance(node, ast.If) and is_type_checking(node):
            for entry in node.body:
                assert isinstance(entry, ast.ImportFrom)
                home = (entry.module or "").removeprefix(PACKAGE).removeprefix(".")
                typed |= {alias.name: home for alias in entry.names}
    modules_named = dict.fromkeys(supplyroutes._MODULES, "")
    assert typed == {**supplyroutes._HOME, **modules_named}


def test_unknown_public_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'isolated'"):
        _ = supplyroutes.isolated
    assert dir(supplyroutes) == sorted(supplyroutes.__all__)
    assert importlib.import_module(PACKAGE).__version__


# --- committed text ----------------------------------------------------------------------------

TEXT = {
    ".cff", ".cfg", ".csv", ".geojson", ".html", ".ini", ".ipynb", ".json", ".md", ".py", ".toml",
    ".txt", ".typed", ".yaml", ".yml", "",
}  # fmt: skip
MACHINE_PATH = re.compile(
    r"(?<![\w.:/>-])/(?:home|root|Users|work|farm|mnt|srv|scratch|tmp/dev)/[A-Za-z0-9_.]"
    r"|[A-Z]:\\\\?Users\\|file:///[A-Za-z]"
)
PRIVATE_HOST = re.compile(
    r"\b[a-z0-9-]+\.(?:internal|intranet|lan|corp|cluster\.local)\b"
    r"|\b(?:10(?:\.[0-9]{1,3}){3}|192\.168(?:\.[0-9]{1,3}){2})\b"
)
PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.]+")


def text_files() -> list[Path]:
    """Text files that are in git or would go in; without git, all but build leftovers."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others"]
    done = subprocess.run(
        [*command, "--exclude-standard"], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        paths = [ROOT / name for name in done.stdout.split("\0") if name]
    else:
        hidden = {"build", "dist", "__pycache__"}
        paths = [
            path
            for path in ROOT.rglob("*")
            if not any(part in hidden or part.startswith(".") for part in path.parts)
        ]
    return sorted(path for path in paths if path.suffix in TEXT and path.is_file())


def test_no_machine_in_the_text() -> None:
    """No path or host name of somebody's machine: it is of no use to others."""
    own = socket.gethostname()
    telling = len(own) > 7 and any(char.isdigit() for char in own)
    wrong = []
    for path in text_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [match.group() for match in MACHINE_PATH.finditer(text)]
        found += [match.group() for match in PRIVATE_HOST.finditer(text)]
        found += [own] if telling and own in text else []
        found += [str(ROOT)] if len(ROOT.parts) > 3 and str(ROOT) in text else []
        wrong += [f"{path.relative_to(ROOT)}: {hit}" for hit in found]
    assert not wrong, "\n".join(wrong)


def test_constraints_are_pins_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_the_environment_is_not_needed() -> None:
    """No setting is read from the environment inside the library: input is what is passed."""
    wrong = []
    for place, node in places(ast.Attribute):
        text = ast.unparse(node)
        if text in {"os.environ", "os.getenv"} and not place.startswith(f"{PACKAGE}/cli"):
            wrong.append(place)
    assert not wrong, wrong


# --- pages that show the code or its data --------------------------------------------------------


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_the_page_on_architecture_shows_the_tree_and_the_layers() -> None:
    text = page("architecture.md")
    parts = {module.partition(".")[0] for module in arrows()}
    missing = {name for name in parts if f"`{name}.py`" not in text and f"`{name}/`" not in text}
    assert not missing, f"docs/architecture.md does not show {sorted(missing)}"
    drawn = re.search(r"```\n(errors names .*?)```", text, re.DOTALL)
    assert drawn is not None
    layers = tuple(tuple(line.replace("<", " ").split()) for line in drawn.group(1).splitlines())
    assert layers == LAYERS


def test_the_page_on_the_model_shows_every_rule_and_assumption() -> None:
    lines = [line for line in page("model.md").splitlines() if line.startswith("| ")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    shown = {rule: cells for cells in table for rule in re.findall(r"\bR[0-9]{2}\b", cells[0])}
    with (ROOT / "data" / "impact_rules.csv").open(encoding="utf-8", newline="") as stream:
        rules = {row["rule"]: row for row in csv.DictReader(stream)}
    assert set(shown) == set(rules)
    for rule, row in rules.items():
        _, kinds, _, _, _, phase, hits, status, capacity, _, loss, days = shown[rule]
        assert row["kind"].replace("*", "any") in kinds.split(", "), rule
        assert (phase, hits) == (row["phase"], row["hits"].replace("_", " ")), rule
        if row["hits"] != "context":
            told = [cell.partition(" ")[0] for cell in (status, capacity, loss, days)]
            best = [row[f"{name}_best"] for name in ("capacity_factor", "loss_prob")]
            assert told == [row["status"], *best, row["duration_days_best"] or "no"], rule
    keys = {cells[0].strip("`"): cells for cells in table}
    with (ROOT / "data" / "assumptions.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert keys[row["key"]][1:4] == [row["low"], row["best"], row["high"]]
