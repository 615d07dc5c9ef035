"""Whatever Python a reference is written in, wrong solutions are made from it without an error."""

import ast
import inspect

import numpy as np
import pytest

from coursekit.authoring.families.labels import AND
from coursekit.authoring.families.wrong_solutions import FAR_FETCHED, wrong_solutions

OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^",
    ast.BitAnd: "&", ast.MatMult: "@",
}  # fmt: skip
UNARY = {ast.Invert: "~", ast.Not: "not ", ast.UAdd: "+", ast.USub: "-"}
COMPARISONS = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
SHAPES = ("x {op} n", "n {op} x", "2 {op} x", "x {op} 2", "(x {op} n) {op} 3", "len(X) {op} int(n)")
BODIES = [
    *(f"return {shape.format(op=op)}" for op in OPERATORS.values() for shape in SHAPES),
    *(f"x {op}= n\n    return x" for op in OPERATORS.values()),
    *(f"x[0] {op}= 1\n    return x" for op in OPERATORS.values()),
    *(f"return {op}x" for op in UNARY.values()),
    *(f"return n {op} x" for op in COMPARISONS.values()),
    "return 0 < n <= 5 != 7",
    "return n and x or not X",
    "return x if n else X",
    "return [a + 1 for a in x if a > 0 for b in X if b]",
    "return {k: v * 2 for k, v in enumerate(x)}, {a for a in X}, tuple(a for a in x)",
    "return (lambda a, *b, c=2, **d: a + c)(n)",
    "total = 0\n    for i, a in enumerate(x):\n        total += a\n    else:\n        total -= 1\n"
    "    return total",
    "while n > 0:\n        n -= 1\n        if n == 3:\n            continue\n        break\n"
    "    return n",
    "try:\n        return x[9]\n    except (IndexError, KeyError) as error:\n"
    "        raise ValueError(f'{n!r:>4} {n * 2:.3f}') from error\n    finally:\n        n = 1",
    "with np.errstate(divide='ignore') as a, np.errstate() as b:\n        return 1 / x",
    "def inner(a):\n        nonlocal n\n        n += a\n        return n\n    return inner(2)",
    "class Kept:\n        y = 2\n        def f(self):\n            return self.y\n"
    "    return Kept().f()",
    "match n:\n        case 1 | 2:\n            return x\n        case {'a': a, **rest}:\n"
    "            return a\n        case [first, *others] if first:\n            return first\n"
    "        case _:\n            return X",
    "first, *others = x\n    return first + sum(others)",
    "if (m := n + 1) > 2:\n        return m * 2\n    return X[::-1, ..., None, 1:n:2]",
    "assert n, 'none'\n    del X\n    global NOWHERE\n    NOWHERE = n\n    return NOWHERE",
    "yield n\n    got = yield from x\n    return got",
    "return x.T @ X.sum(axis=0, keepdims=True)[n], *x",
    "return print(*x, **{'sep': '-'})",
    "return 1j * n, 'text' * 2, b'bytes', ..., None, True, -0.0, 1e308 * 10",
    "",
]
EVERY_OPERATOR = (ast.operator, ast.unaryop, ast.cmpop)


@pytest.mark.parametrize("body", BODIES)
def test_wrong_solutions_are_made_whatever_a_reference_holds(body, tmp_path, monkeypatch):
    source = f'import numpy as np\n\ndef answer(x, X, n):\n    """Something."""\n    {body}\n'
    (tmp_path / "any_reference.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    namespace: dict = {"__name__": "any_reference"}
    path = tmp_path / "any_reference.py"
    exec(compile(source, str(path), "exec"), namespace)
    answer = namespace["answer"]
    assert inspect.getsource(answer)
    arguments = {"x": np.arange(3), "X": np.ones((2, 3)), "n": 2}
    for wrong in wrong_solutions([answer], arguments):
        assert wrong.label.words
        assert callable(wrong.function)


def test_two_far_fetched_mistakes_are_not_made_at_once(tmp_path, monkeypatch):
    """Their numbers come about by another mistake more often, made in a formula of one's own."""
    source = "def answer(z):\n    return z ** 2 + 3 * z\n"
    path = tmp_path / "any_answer.py"
    path.write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    namespace: dict = {"__name__": "any_answer"}
    exec(compile(source, str(path), "exec"), namespace)
    kinds = [wrong.label.kind for wrong in wrong_solutions([namespace["answer"]], {"z": 0.5})]
    alone = {kind for kind in kinds if AND not in kind}
    pairs = [set(kind.split(AND)) for kind in kinds if AND in kind]
    assert alone >= FAR_FETCHED
    assert any(pair & FAR_FETCHED for pair in pairs)
    assert not any(pair <= FAR_FETCHED for pair in pairs)


def test_there_is_a_body_with_every_operator_of_python():
    tried = "\n".join(BODIES)
    for kind, signs in ((0, OPERATORS), (1, UNARY), (2, COMPARISONS)):
        assert set(signs) == set(EVERY_OPERATOR[kind].__subclasses__())
    assert all(sign.strip() in tried for sign in (*OPERATORS.values(), *COMPARISONS.values()))
