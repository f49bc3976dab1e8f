"""The runner: a program goes as under plain Python, but `import torch` gives this library and `async` may be a name."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLAIN = [sys.executable]
RUNNER = [sys.executable, "-m", "autograd_legacy", "run"]


def write(folder, files):
    """Write each text under its name in the folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))


def execute(command, *args, cwd, **how):
    """The exit status, the output and the error output of a command."""
    where = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": where, "PYTHONDONTWRITEBYTECODE": "1"}
    how.setdefault("stdin", subprocess.DEVNULL)
    done = subprocess.run(
        [*command, *args], cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, **how
    )
    return done.returncode, done.stdout, done.stderr


def program(tmp_path, text, files=None):
    """Run a program by the runner: its output, once it has ended well."""
    write(tmp_path, {"main.py": text, **(files or {})})
    status, out, err = execute(RUNNER, "main.py", cwd=tmp_path)
    assert (status, err) == (0, ""), err
    return out


# -- as plain Python ---------------------------------------------------------------------------------------------------

SAME = {
    "arguments": "import sys; print(sys.argv)",
    "main module": """
        import sys
        print(__name__, __file__, __doc__, __package__, __spec__, sys.path[0], __builtins__)
        print(sys.modules["__main__"].__dict__ is globals(), type(__loader__.get_data(__file__)))
    """,
    "own classes": "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A, A.__module__)",
    "modules beside it": "import helper; print(helper.__file__, helper.value, helper.__spec__.origin)",
    "frozen and builtin modules": "import abc, os, sys, time; print([m.__spec__.origin for m in (abc, os, sys, time)])",
    "end": "import atexit, sys; atexit.register(print, 'bye'); sys.exit()",
    "status 3": "import sys; sys.exit(3)",
    "status as text": "import sys; sys.exit('no such thing')",
    "raised exit": "raise SystemExit([1, 2])",
    "at once": "import os; os._exit(4)",
    "error": "def f():\n    return 1 / 0\n\n\ndef g():\n    return f() + (1 +\n        2)\n\nprint('a'); g()",
    "error in a module": "import helper\nhelper.fail()",
    "error while importing": "import broken_value",
    "syntax error": "x = 1\ny = = 2\n",
    "syntax error with async": "x.async = 1\nprint 'a'\n",
    "syntax error in a module": "try:\n    import helper\nfinally:\n    import broken_syntax",
    "handled syntax error": "try:\n    import broken_syntax\nexcept SyntaxError:\n    raise ValueError('x')",
    "chained errors": "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('x') from e",
    "group of errors": "class E(BaseException): pass\ntry:\n    1 / 0\nfinally:\n    raise E('mine')",
    "no such module": "import torch_that_is_not_there",
    "own hook": "import sys\nsys.excepthook = lambda kind, e, t: print(kind, e, t.tb_lineno, t.tb_next)\n1 / 0",
    "error in a thread": """
        import threading
        def work():
            1 / 0
        thread = threading.Thread(target=work, name="worker")
        thread.start()
        thread.join()
    """,
    "a thread outlives it": """
        import threading, time
        threading.Thread(target=lambda: (time.sleep(0.2), print("late"))).start()
        1 / 0
    """,
    "Ctrl-C": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass",
    "Ctrl-C caught": """
        import os, signal
        try:
            os.kill(os.getpid(), signal.SIGINT)
            while True: pass
        except KeyboardInterrupt:
            print("interrupted")
    """,
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "reading": "print(repr(input()))",
    "declared encoding": "# -*- coding: latin-1 -*-\nprint(len('é'))",
    "warnings": "import warnings\nwarnings.warn('look out')\nimport helper\nhelper.warn()",
    "forked children": """
        import multiprocessing
        def square(x):
            return x * x
        if __name__ == "__main__":
            context = multiprocessing.get_context("fork")
            with context.Pool(2) as pool:
                print(pool.map(square, range(5)))
            child = context.Process(target=square, args=("text",), name="child")
            child.start(); child.join(); print(child.exitcode)
    """,
    "annotations": "x: int = 3\nprint(__annotations__)",
    "no future features": "def f(x: undefined_name): pass",
}
BESIDE = {
    "helper.py": """
        import warnings
        value = 3
        def fail():
            raise ValueError("on purpose")
        def warn():
            warnings.warn("of the caller", stacklevel=2)
    """,
    "broken_value.py": "print('importing')\nvalue = undefined",
    "broken_syntax.py": "def f(:\n    pass\n",
}


@pytest.mark.parametrize("name", SAME)
def test_as_plain_python(name, tmp_path):
    write(tmp_path, {"main.py": SAME[name], **BESIDE})
    args = "main.py", "-m", "--lr=3", "--", "-h", "two words"
    assert execute(RUNNER, *args, cwd=tmp_path) == execute(PLAIN, *args, cwd=tmp_path)


def test_module_as_program(tmp_path):
    write(
        tmp_path,
        {
            "pkg/__init__.py": "print('package')",
            "pkg/__main__.py": "import sys; print(sys.argv, __name__, __package__, __spec__.name, __file__)",
            "pkg/tool.py": "from . import __name__ as n; import sys; print(n, sys.argv, sys.path[0]); sys.exit(3)",
        },
    )
    for module in "pkg", "pkg.tool":
        args = "-m", module, "-x", "1"
        assert execute(RUNNER, *args, cwd=tmp_path) == execute(PLAIN, *args, cwd=tmp_path)
    status, _, err = execute(RUNNER, "-m", "pkg.nothing", cwd=tmp_path)
    assert status == 1 and err.endswith("No module named pkg.nothing, or none that can be run\n")


def test_no_such_script(tmp_path):
    status, out, err = execute(RUNNER, "nothing.py", cwd=tmp_path)
    assert (status, out) == (2, "")
    assert str(tmp_path / "nothing.py") in err and "Traceback" not in err


def test_script_elsewhere_and_through_a_link(tmp_path):
    write(tmp_path, {"sub/main.py": "import helper, sys; print(sys.path[0], __file__, sys.argv)", "sub/helper.py": ""})
    (tmp_path / "links").mkdir()
    os.symlink(tmp_path / "sub/main.py", tmp_path / "links/main.py")
    for script in "sub/main.py", "links/main.py":
        assert execute(RUNNER, script, cwd=tmp_path) == execute(PLAIN, script, cwd=tmp_path)


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_closed_streams(closed, tmp_path):
    write(
        tmp_path,
        {"main.py": "import sys; print(sys.stdin, sys.stdout is None, sys.stderr is None, file=open('seen', 'a'))"},
    )
    for command in PLAIN, RUNNER:
        subprocess.run(
            [*command, "main.py"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=lambda: os.close(closed),
            timeout=60,
            check=True,
        )
    plain, runner = (tmp_path / "seen").read_text().splitlines()
    assert runner == plain


def test_interrupted_from_outside(tmp_path):
    write(tmp_path, {"main.py": "import sys, time\nprint('ready', flush=True)\ntime.sleep(30)"})
    ends = []
    for command in PLAIN, RUNNER:
        with subprocess.Popen(
            [*command, "main.py"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            lines = process.stderr.read().splitlines()
            ends.append((process.wait(30), len([line for line in lines if "File" in line]), lines[0], lines[-1]))
    assert ends[0] == ends[1]
    assert ends[0][0] == -signal.SIGINT


# -- the library in torch's place --------------------------------------------------------------------------------------


def test_same_modules_under_both_names(tmp_path):
    assert (
        program(
            tmp_path,
            """
        import torch
        import torch.nn as nn, torch.nn.functional as F
        from torch.autograd import Variable
        from torch import optim
        import autograd_legacy, autograd_legacy.nn.functional, importlib, sys
        assert torch is autograd_legacy and nn is autograd_legacy.nn and F is autograd_legacy.nn.functional
        assert Variable is autograd_legacy.autograd.Variable and optim is autograd_legacy.optim
        assert sys.modules["torch.nn.functional"] is sys.modules["autograd_legacy.nn.functional"] is F
        assert torch.__spec__.name == "autograd_legacy" and F.__spec__.name == "autograd_legacy.nn.functional"
        assert importlib.import_module("torch.nn") is nn and importlib.reload(F) is F
        import helper
        assert helper.torch is torch
        print(sum(Variable(torch.ones(2, 3)).size()))
        """,
            {"helper.py": "import torch"},
        )
        == "5\n"
    )


def test_module_that_the_library_lacks(tmp_path):
    write(tmp_path, {"main.py": "import torch.nn.no_such_thing"})
    status, _, err = execute(RUNNER, "main.py", cwd=tmp_path)
    assert status == 1
    assert err.splitlines() == [
        "Traceback (most recent call last):",
        f'  File "{tmp_path}/main.py", line 1, in <module>',
        "    import torch.nn.no_such_thing",
        "ModuleNotFoundError: No module named 'torch.nn.no_such_thing'",
    ]


def test_installed_torch_is_left_alone(tmp_path):
    write(tmp_path, {"torch/__init__.py": "print('the other one'); here = True", "torch/nn.py": "here = True"})
    assert (
        program(tmp_path, "import torch, torch.nn; print(hasattr(torch, 'here') or hasattr(torch.nn, 'here'))")
        == "False\n"
    )
    notebook = """
        import sys
        import autograd_legacy as legacy
        from autograd_legacy.run import install, uninstall
        install(); install()
        import torch.nn
        assert torch is legacy and torch.nn is legacy.nn
        uninstall(); uninstall()
        import torch.nn
        assert torch.here and torch.nn.here and torch is not legacy
        try:
            install()
        except RuntimeError as error:
            print(error)
        """
    write(tmp_path, {"notebook.py": notebook})
    status, out, err = execute(PLAIN, "notebook.py", cwd=tmp_path)
    assert (status, err) == (0, "")
    assert out.startswith("the other one\ninstall(): PyTorch itself is already imported here, from ")


STARTED_ANEW = """
    import multiprocessing, sys
    import torch
    import torch.multiprocessing as mp
    from torch.utils.data import DataLoader, TensorDataset

    def work(shared, results, taken):
        import numpy
        results.put((torch.ones(2) * 5, type(shared).__module__, torch.__name__, numpy.float is float))
        shared.fill_(7)
        taken.wait(20)

    if __name__ == "__main__":
        mp.set_start_method(sys.argv[1])
        data = torch.arange(0, 6)
        print([x.tolist() for x, _ in DataLoader(TensorDataset(data, data), batch_size=4, num_workers=2)])
        shared, results, taken = torch.zeros(1).share_memory_(), mp.Queue(), mp.Event()
        process = mp.Process(target=work, args=(shared, results, taken))
        process.start()
        tensor, *rest = results.get()
        taken.set()
        process.join()
        print(tensor.tolist(), rest, shared.tolist(), process.exitcode)
    """


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_a_program(method, tmp_path):
    write(tmp_path, {"main.py": STARTED_ANEW})
    status, out, err = execute([*RUNNER, "main.py", method], cwd=tmp_path)
    assert (status, err) == (0, "")
    assert out == "[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0]]\n[5.0, 5.0] ['torch', 'autograd_legacy', True] [7.0] 0\n"


def test_fork_is_the_default_and_may_be_changed(tmp_path):
    """As on Python 3.14, which by itself does not fork."""
    text = """
        import multiprocessing as mp
        from autograd_legacy.run.children import fork_by_default
        mp.context._default_context._default_context = mp.get_context("forkserver")
        fork_by_default()
        assert mp.get_start_method(allow_none=True) is None
        import torch, torch.utils.data.worker as worker
        assert worker._start_method() == "fork"
        process = mp.Process(target=lambda: print("forked", flush=True))
        process.start()
        process.join()
        mp.set_start_method("spawn", force=True)
        print(worker._start_method())
        """
    assert program(tmp_path, text) == "forked\nspawn\n"


# -- async as a name ---------------------------------------------------------------------------------------------------


def test_async_as_a_name(tmp_path):
    assert program(
        tmp_path,
        """
        # async=True
        import layers, package.inner
        from package.inner import async as other, Model

        async = 1; seen = [async]
        class Loader(Model):
            '''cuda(async=True)'''
            async = "class"
            def cuda(self, async=False, **rest):
                global async_count
                return async, rest
            def both(self):
                def inner():
                    nonlocal_ = self.async
                    return nonlocal_
                return inner()
        def change():
            global async
            async = 2
        change()
        x = Loader()
        print(x.cuda(async=True), x.cuda(** {"async": 3}), x.both(), getattr(x, "async"), "async=1", async, seen, other)
        print(Loader.__doc__, layers.to(x, async = "kept"), x.cuda(\\
            async=
            5), vars()["async"])
        """,
        {
            "layers.py": "def to(x, async): return x.cuda(async=async)",
            "package/__init__.py": "",
            "package/inner.py": "async = 'inner'\nclass Model(object): pass\n",
        },
    ).splitlines() == [
        "(True, {}) (3, {}) class class async=1 2 [1] inner",
        "cuda(async=True) ('kept', {}) (5, {}) 2",
    ]


def test_true_coroutines_beside_it(tmp_path):
    assert (
        program(
            tmp_path,
            """
        import asyncio
        async def numbers():
            for i in range(3):
                yield i
        async def main(async=2):
            async with asyncio.Lock():
                return [i * async async for i in numbers()]
        print(asyncio.run(main()))
        """,
        )
        == "[0, 2, 4]\n"
    )


def test_traceback_of_such_source(tmp_path):
    text = "def cuda(async):\n    return 0\n\nx = [cuda(async=1), cuda(async=2), 1 / cuda(async=3)]  # async\n"
    write(tmp_path, {"main.py": "import old", "old.py": text})
    status, _, err = execute(RUNNER, "main.py", cwd=tmp_path)
    assert status == 1
    lines = err.splitlines()
    assert lines[3] == f'  File "{tmp_path}/old.py", line 4, in <module>'
    assert lines[4].strip() == text.splitlines()[3]
    assert lines[-1] == "ZeroDivisionError: division by zero"
    if sys.version_info >= (3, 11):  # the carets lie under `1 / cuda(async=3)`
        start, end = lines[4].index("1 / cuda"), lines[4].index("]  #")
        assert not lines[5][:start].strip() and len(lines[5]) == end


def test_no_compiled_file_of_such_source(tmp_path):
    """Plain Python must go on refusing the module, not find it compiled."""
    write(tmp_path, {"main.py": "import old, new", "old.py": "async = 1", "new.py": "a = 1"})
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run([*RUNNER, "main.py"], cwd=tmp_path, env=environment, timeout=60, check=True)
    assert [path.name.split(".")[0] for path in (tmp_path / "__pycache__").iterdir()] == ["new"]


def test_odd_line_ends_and_encodings(tmp_path):
    for name, data in {
        "feed": b"a = 'x'\x0c\nf(async=1)\x0c; s = '\xe2\x80\xa8'; f(async=2)\n",
        "dos": b"def g(async):\r\n    return async\r\nf(async=g(async=3))\r\n",
        "latin": "# coding: latin-1\né = 'é'; f(async=len(é))\n".encode("latin-1"),
        "marked": b"\xef\xbb\xbff(async=5)",
    }.items():
        (tmp_path / f"{name}.py").write_bytes(data.replace(b"f(", b"__import__('kept').f("))
    write(tmp_path, {"kept.py": "def f(**k): print(k)"})
    assert program(tmp_path, "import feed, dos, latin, marked").splitlines() == [
        "{'async': 1}", "{'async': 2}", "{'async': 3}", "{'async': 1}", "{'async': 5}"
    ]  # fmt: skip


# -- what has been removed since ---------------------------------------------------------------------------------------

REMOVED = """
    import base64, collections, fractions, inspect, os, time
    import numpy as np
    import imp
    from distutils.util import strtobool
    from distutils.version import LooseVersion, StrictVersion
    assert isinstance({}, collections.Mapping) and isinstance([], collections.Sequence)
    assert fractions.gcd(12, 18) == 6 and time.clock() <= time.clock() and os.errno.ENOENT == 2
    assert base64.decodestring(base64.encodestring(b"abc")) == b"abc"
    assert inspect.getargspec(lambda a, b=2, *c, **d: 0) == (["a", "b"], "c", "d", (2,))
    assert np.zeros(2, np.int).dtype == np.int64 and np.array([True], dtype=np.bool).dtype == bool
    assert np.float is float and np.object is object and np.float_ is np.float64 and np.NaN != np.NaN
    assert np.asscalar(np.ones((1, 1))) == 1 and np.product([2, 3]) == 6
    assert np.array([1, 2], np.float32, copy=False).tolist() == [1, 2] and np.array(3).shape == ()
    assert type(1.5 + np.finfo(np.float32).eps) is float and np.finfo(np.float64).bits == 64
    a = np.ones(3)
    assert np.array(a, copy=False) is a and np.array(a) is not a
    assert LooseVersion("0.4") > LooseVersion("0.3.1") >= "0.3"
    assert StrictVersion("1.0") == "1.0.0" > StrictVersion("1.0b1")
    assert strtobool("yes") == 1 and strtobool("off") == 0
    assert imp.load_source("loaded", "beside.py").value == 1 and imp.reload(base64) is base64
    assert imp.load_module("again", *imp.find_module("beside", ["."])).value == 1
    """


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_names_and_modules_that_were_removed(tmp_path):
    write(tmp_path, {"main.py": REMOVED, "beside.py": "value = 1"})
    status, _, err = execute([sys.executable, "-W", "ignore", *RUNNER[1:]], "main.py", cwd=tmp_path)
    assert (status, err) == (0, "")


def test_stand_ins_where_python_still_has_the_modules(tmp_path):
    stand_ins = "autograd_legacy.run.removed.modules."
    text = REMOVED.replace("import imp\n", f"import {stand_ins}imp as imp\n").replace(
        "distutils.", stand_ins + "distutils."
    )
    write(tmp_path, {"main.py": text, "beside.py": "value = 1"})
    status, _, err = execute([sys.executable, "-W", "ignore", *RUNNER[1:]], "main.py", cwd=tmp_path)
    assert (status, err) == (0, "")


def test_spawned_children_have_torch_also_where_multiprocessing_came_first(tmp_path):
    text = """
        import multiprocessing.spawn  # as by a package that Python imports when it starts
        import autograd_legacy.run

        def child():
            import torch
            print(torch.__version__)

        if __name__ == "__main__":
            autograd_legacy.run.install()
            process = multiprocessing.get_context("spawn").Process(target=child)
            process.start()
            process.join(50)
            print(process.exitcode)
        """
    write(tmp_path, {"main.py": text})
    status, out, err = execute(PLAIN, "main.py", cwd=tmp_path)
    assert (status, out, err) == (0, "0.3.1\n0\n", "")


def test_names_come_when_their_module_is_imported(tmp_path):
    files = {
        "PIL/__init__.py": "__version__ = '13.0'",
        "PIL/Image.py": "LANCZOS = 1; BILINEAR = 2; BICUBIC = CUBIC = 3",
    }
    text = "from PIL import Image, PILLOW_VERSION\nprint(PILLOW_VERSION, Image.ANTIALIAS, Image.LINEAR, Image.CUBIC)"
    assert program(tmp_path, text, files) == "13.0 1 2 3\n"


def test_other_processes_are_left_alone(tmp_path):
    lookup = """
        import autograd_legacy, collections, fractions, numpy, sys
        import autograd_legacy.run
        def seen():
            return [hasattr(collections, "Mapping"), hasattr(fractions, "gcd"), hasattr(numpy, "float"),
                    str(autograd_legacy.FloatTensor), numpy.array.__name__, "torch" in sys.modules]
        before = seen()
        autograd_legacy.run.install()
        during = seen()
        autograd_legacy.run.uninstall()
        assert seen() == before, (before, seen())
        assert before[:3] == [False] * 3 and during[:4] == [True] * 3 + ["<class 'torch.FloatTensor'>"]
        """
    write(tmp_path, {"main.py": lookup})
    assert execute(PLAIN, "main.py", cwd=tmp_path) == (0, "", "")


def test_classes_show_themselves_as_torch_s(tmp_path):
    text = """
        import pickle, torch
        from torch.autograd import Variable
        from torch.nn import Parameter
        x = torch.ones(2)
        print(type(x), type(x.storage()), type(x.size()), type(Variable(x)), Parameter, type(x.long()).__module__)
        for one in x, Variable(x), Parameter(x), torch.FloatTensor, x.size():
            assert type(pickle.loads(pickle.dumps(one))) is type(one)
        assert b"autograd_legacy" not in pickle.dumps(torch.FloatTensor) + pickle.dumps(Variable)
        """
    assert program(tmp_path, text) == (
        "<class 'torch.FloatTensor'> <class 'torch.FloatStorage'> <class 'torch.Size'> "
        "<class 'torch.autograd.variable.Variable'> <class 'torch.nn.parameter.Parameter'> torch\n"
    )
