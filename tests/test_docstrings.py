"""What docstrings show is so; and every public function of the table says how it is called."""

import ast
import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import autograd_legacy as torch
from autograd_legacy import optable

FILES = {
    name: Path(finder.path) / name.rpartition(".")[2]
    for finder, name, _ in pkgutil.walk_packages(torch.__path__, "autograd_legacy.")
    if not name.startswith("autograd_legacy._core.") and not name.endswith("__main__")
}
TEXTS = {
    name: (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
    for name, path in FILES.items()
}


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if ">>>" in text])
def test_examples_of(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert result.attempted and not result.failed


def test_every_module_says_what_it_holds():
    assert [name for name, text in TEXTS.items() if text and not ast.get_docstring(ast.parse(text))] == []


def test_functions_of_the_table_say_how_they_are_called():
    assert "add(self, number value, Tensor other)" in torch.add.__doc__ and "The sum." in torch.add.__doc__
    for where, owner in ((optable.TENSOR, torch.FloatTensor), (optable.VARIABLE, torch.autograd.Variable)):
        for name, method in optable.methods(where).items():
            if hasattr(owner, name):
                text = getattr(owner, name).__doc__
                assert text == optable.documentation(method.public, where), name
    for row in optable.ROWS:
        for call in row.calls:
            name = optable.public_name(call)
            if (
                optable.TORCH in row.where
                and not name.endswith("_")
                and not call.startswith(("tensor: ", "variable: "))
            ):
                assert call.rpartition(": ")[2] in getattr(torch, name).__doc__
