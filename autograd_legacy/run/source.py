"""Reading source in which `async` is a name, as it was until Python 3.6: `x.cuda(async=True)`.

The text is compiled as it stands first. Only where that fails it is read again: each token `async` that does not begin
`async def`, `async for` or `async with` gives place to a stand-in of the same length, the result is parsed, and the
stand-in becomes `async` again in the tree. So a name keeps its meaning to the letter (`x.async` is what
getattr(x, "async") finds), lines and columns are the original's, and strings and comments are untouched.
"""

import ast
import io
import itertools
import tokenize
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import decode_source
from types import CodeType, ModuleType

from .removed import restore

AFTER_KEYWORD = ("def", "for", "with")


def parse_with_async_names(data: bytes, path: str) -> ast.Module | None:
    """The syntax tree of the source with `async` read as a name, or None where it cannot be parsed even so."""
    try:
        text = decode_source(data)
        stand_in = next(word for word in (f"a{i:04}" for i in range(10_000)) if word not in text)
        tree = ast.parse(replace_names(text, stand_in), path)
    except (SyntaxError, UnicodeDecodeError, tokenize.TokenError):
        return None
    for node in ast.walk(tree):
        for field, value in ast.iter_fields(node):
            if isinstance(value, str):  # also a part of a dotted name, in an import
                setattr(node, field, value.replace(stand_in, "async"))
            elif isinstance(value, list) and stand_in in value:  # the names of a `global` or `nonlocal` statement
                setattr(node, field, ["async" if name == stand_in else name for name in value])
    return tree


def replace_names(text: str, stand_in: str) -> str:
    """The text with the stand-in, as long as `async`, for each `async` that is used as a name."""
    lines = text.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for token, following in itertools.pairwise(tokens):
        if token.type == tokenize.NAME and token.string == "async" and following.string not in AFTER_KEYWORD:
            (row, start), (_, end) = token.start, token.end
            lines[row - 1] = lines[row - 1][:start] + stand_in + lines[row - 1][end:]
    return "\n".join(lines)


class SourceLoader(SourceFileLoader):
    """Python's own loader of source files, but that `async` may be a name in them, and that names removed come back."""

    rewritten = False

    def source_to_code(self, data: bytes, path: str, *, _optimize: int = -1) -> CodeType:
        """The code of the source.

        Raises:
            SyntaxError: what Python says of the text as it stands, where `async` is not what ails it.
        """
        try:
            return super().source_to_code(data, path, _optimize=_optimize)
        except SyntaxError:
            tree = parse_with_async_names(bytes(data), path)
            if tree is None:
                raise
        self.rewritten = True
        return compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, and give it the names that it has lost."""
        super().exec_module(module)
        restore(module)

    def set_data(self, path: str, data: bytes, *, _mode: int = 0o666) -> None:
        """Write the compiled file, unless plain Python would refuse the source: then it must not find one."""
        if not self.rewritten:
            super().set_data(path, data, _mode=_mode)


class SourceFinder:
    """Python's own finder of modules on sys.path, with the loader above for source files; an entry of sys.meta_path."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The spec that PathFinder gives, its loader exchanged where it is one of source files."""
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = SourceLoader(spec.loader.name, spec.loader.path)
        return spec
