"""Constructors that Variables have as methods."""

from .row import VARIABLE, Composite

ROWS = tuple(
    Composite(signature=name, doc=doc, where=(VARIABLE,), impl=f"creation.{name}")
    for name, doc in (
        ("zeros_like", "Zeros in x's sizes and type, a constant."),
        ("ones_like", "Ones in x's sizes and type, a constant."),
    )
)
