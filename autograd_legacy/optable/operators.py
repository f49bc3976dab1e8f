"""Python's operators and the rows behind them."""

# operator -> (row, the row's Operation on the left operand); the reflected form's row, where there is one
ARITHMETIC = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "truediv": "div",
    "div": "div",  # Python 2's name, which old code calls
    "mod": "remainder",
    "pow": "pow",
    "lshift": "lshift",
    "rshift": "rshift",
    "and": "bit_and",
    "or": "bit_or",
    "xor": "bit_xor",
}
REFLECTED = {"add": "add", "mul": "mul", "sub": "rsub", "truediv": "rdiv", "div": "rdiv", "pow": "pow_constant"}
INPLACE = ("add", "sub", "mul", "truediv", "div", "pow", "lshift", "rshift", "and", "or", "xor")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
# HalfTensors on the CPU have these operators, which refuse. The others they do not have.
REFUSED_BY_HALF = ("add", "sub", "mul", "truediv", "div", "mod", "pow", "matmul")
