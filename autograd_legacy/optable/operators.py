"""Python's operators and the rows behind them."""

# operator -> (row, the row's Operation on the left operand); the reflected form's row, where there is one
ARITHMETIC = {
    "add": "add",
    "sub": "sub",
    "mul": "mul",
    "truediv": "div",
    "mod": "remainder",
    "pow": "pow",
    "lshift": "lshift",
    "rshift": "rshift",
    "and": "bit_and",
    "or": "bit_or",
    "xor": "bit_xor",
}
REFLECTED = {"add": "add", "mul": "mul", "sub": "rsub", "truediv": "rdiv", "pow": "pow_constant"}
INPLACE = ("add", "sub", "mul", "truediv", "pow", "lshift", "rshift", "and", "or", "xor")
COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
