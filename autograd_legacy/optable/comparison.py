"""Comparisons: a ByteTensor of 0 and 1; in place, 0 and 1 in the operand's own type."""

from .row import Op


def comparison(name, sign, doc):
    return Op(
        signature=f"{name}(x, y)",
        value=f"x {sign} y",
        doc=doc,
        calls=(f"{name}(self, number value)", f"{name}(self, Tensor other)"),
        result="Byte",
        inplace=True,
        grads=dict(x="0", y="0"),
    )


ROWS = (
    comparison("eq", "==", "1 where equal."),
    comparison("ne", "!=", "1 where different."),
    comparison("lt", "<", "1 where x is less."),
    comparison("le", "<=", "1 where x is less or equal."),
    comparison("gt", ">", "1 where x is greater."),
    comparison("ge", ">=", "1 where x is greater or equal."),
)
