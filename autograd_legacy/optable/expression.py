"""Expressions of the table: one text, read as Python on Variables and as C++ by g++ and NVRTC."""

from __future__ import annotations

import ast
from functools import cached_property

BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
CALLED = {ast.Div: "quotient", ast.Pow: "power", ast.Mod: "modulo", ast.LShift: "shift_left", ast.RShift: "shift_right"}
COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
RENAMED = {"abs": "absolute", "min": "smaller", "max": "larger", "pow": "power", "round": "round_away"}


class Expression:
    """An expression in some of `operands`: what it mentions, and its C++ text."""

    def __init__(self, text: str, operands: tuple):
        self.text = text
        self.tree = ast.parse(text, mode="eval").body
        mentioned = [n.id for n in ast.walk(self.tree) if isinstance(n, ast.Name)]
        self.names = tuple(name for name in operands if name in mentioned)

    @cached_property
    def cpp(self) -> str:
        """The expression over values of type T named like the operands."""
        return self._emit(self.tree, {name: name for name in self.names})

    def function(self, name: str) -> str:
        """The C++ text of a function that computes the expression from its operands, of any type T."""
        arguments = ", ".join(f"T {operand}" for operand in self.names)
        return f"template <typename T> AL_FN T {name}({arguments}) {{ return T({self.cpp}); }}"

    @cached_property
    def key(self) -> str:
        """The C++ text with the operands numbered: equal where the same is computed from the operands in turn."""
        return self._emit(self.tree, {name: f"v{k}" for k, name in enumerate(self.names)})

    @cached_property
    def python(self) -> str:
        """The expression over Variables: functions are looked up among the rows, `or` and `and` become `|` and `&`."""
        return ast.unparse(_OnVariables(self.names).visit(ast.parse(self.text, mode="eval").body))

    def _emit(self, node: ast.expr, names: dict) -> str:
        def emit(part):
            return self._emit(part, names)

        match node:
            case ast.Name(id=name):
                return names[name]
            case ast.Constant(value=value):
                return f"T({value!r})"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{emit(operand)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"(!{emit(operand)})"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in CALLED:
                return f"al::{CALLED[type(op)]}<T>({emit(left)}, {emit(right)})"
            case ast.BinOp(left=left, op=op, right=right):
                return f"({emit(left)} {BINARY[type(op)]} {emit(right)})"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return f"({emit(left)} {COMPARE[type(op)]} {emit(right)})"
            case ast.BoolOp(op=op, values=values):
                return "(" + (" && " if isinstance(op, ast.And) else " || ").join(map(emit, values)) + ")"
            case ast.Call(func=ast.Name(id="where"), args=[condition, yes, no]):
                return f"({emit(condition)} ? T({emit(yes)}) : T({emit(no)}))"
            case ast.Call(func=ast.Name(id=function), args=args):
                return f"al::{RENAMED.get(function, function)}<T>({', '.join(map(emit, args))})"
        raise SyntaxError(f"not in the language of the table: {ast.unparse(node)} in {self.text!r}")


class _OnVariables(ast.NodeTransformer):
    def __init__(self, names):
        self.names = names

    def visit_BoolOp(self, node):
        self.generic_visit(node)
        joined = node.values[0]
        for value in node.values[1:]:
            joined = ast.BinOp(joined, ast.BitOr() if isinstance(node.op, ast.Or) else ast.BitAnd(), value)
        return joined

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id not in self.names:
            node.func = ast.Attribute(ast.Name("ops", ast.Load()), node.func.id, ast.Load())
        return node
