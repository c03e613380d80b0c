"""No pickle anywhere: none in our code, none in what it writes; a file that is read is data and runs nothing."""

import ast
from pathlib import Path

import pytest
import yaml
from homes import home, planned_home, trained_home  # noqa: F401 -- fixtures
from small_company import small_trained_home  # noqa: F401 -- fixture

from configs.yaml_loader import _Loader

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "cloudpickle",
    "dill",
    "joblib",
    "shelve",
    "marshal",
    "skops",
    "torch",
}
CALLS = {"read_pickle", "to_pickle", "unsafe_load", "full_load"}
LOADERS = {"Loader", "UnsafeLoader", "FullLoader"}

PARALLEL = {"distributions/parallel.py"}
"""Files that may import joblib: for its processes; what these pickle lives as long as the call."""


def is_safe_loader(argument: ast.expr) -> bool:
    """Whether an argument is YAML's safe loader, or our own subclass of it."""
    return ast.unparse(argument).split(".")[-1] in {"SafeLoader", "CSafeLoader", _Loader.__name__}


def unsafe(tree: ast.AST) -> list[str]:
    """What of a module could read a pickle, or YAML that builds objects."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] in MODULES]
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            found.append(str(node.module))
        if isinstance(node, ast.Attribute) and node.attr in CALLS | LOADERS:
            found.append(node.attr)
        if isinstance(node, ast.Call):
            found += [
                "allow_pickle"
                for keyword in node.keywords
                if keyword.arg == "allow_pickle" and ast.unparse(keyword.value) != "False"
            ]
            arguments = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
            if ast.unparse(node.func) == "yaml.load" and not any(map(is_safe_loader, arguments)):
                found.append("yaml.load")
    return found


@pytest.mark.parametrize("package", [*PACKAGES, "deploy", "tests"])
def test_our_code_reads_and_writes_no_pickle(package):
    for path in (ROOT / package).rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        found = unsafe(ast.parse(path.read_text(encoding="utf-8")))
        if name in PARALLEL:
            found = [what for what in found if what.split(".")[0] != "joblib"]
        assert not found, f"{name}: {found}"


def test_our_own_loader_of_yaml_is_a_safe_one():
    assert issubclass(_Loader, yaml.SafeLoader)


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from joblib import dump",
        "import torch.serialization",
        "pd.read_pickle('x')",
        "frame.to_pickle('x')",
        "np.load('x', allow_pickle=True)",
        "np.load('x', allow_pickle=flag)",
        "yaml.load(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.unsafe_load(text)",
    ],
)
def test_what_would_is_found(code):
    assert unsafe(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    ["yaml.safe_load(text)", "np.load('x', allow_pickle=False)", "yaml.load(text, Loader=yaml.SafeLoader)"],
)
def test_what_would_not_is_let_be(code):
    assert not unsafe(ast.parse(code))


def is_pickle(content: bytes) -> bool:
    """Whether a file begins as a pickle does: of protocols 2 to 5, of any library."""
    return content[:1] == b"\x80" and content[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")


@pytest.mark.parametrize("kind", ["planned_home", "small_trained_home"])
def test_no_file_of_a_home_is_a_pickle(kind, request):
    files = [path for path in request.getfixturevalue(kind).rglob("*") if path.is_file()]
    assert any(path.name == "manifest.json" for path in files)
    assert [path.name for path in files if is_pickle(path.read_bytes()[:2])] == []
    assert [path.name for path in files if path.suffix in {".pkl", ".pickle", ".joblib", ".npy", ".pt"}] == []


def test_a_pickle_is_known_by_its_first_bytes():
    assert is_pickle(bytes.fromhex("80049500"))
    assert not is_pickle(b"PAR1")
