"""What a checker finds in place of files, where none can be opened."""

from __future__ import annotations

import pytest

from tests.verifier.checking.checkers import checked, says
from tests.verifier.checking.conftest import Judge
from verifier.verdict import Verdict

READS = [
    "open(sys.argv[2]).read() == text",
    "open(sys.argv[2], 'rb').read() == data",
    "open(sys.argv[2], newline='').read() == data.decode()",
    "open(sys.argv[2], encoding='utf-8').readlines() == ['1\\n', '\\u00e9 2\\n']",
    "open(b'output').read() == text",
    "io.open(sys.argv[2]).read() == text",
    "Path(sys.argv[2]).read_text() == text",
    "Path(sys.argv[2]).read_bytes() == data",
    "Path(sys.argv[2]).resolve().open('r').read() == text",
    "open(os.path.abspath(sys.argv[2])).read() == text",
    "open('./output').read() == open('/output').read() == open('feedback_dir/../output').read() == text",
    "codecs.open('output', 'r', 'utf-8').read() == data.decode()",
    "list(open('output')) == ['1\\n', '\\u00e9 2\\n']",
    "open('output', 'rb').seek(2) == 2",
    "os.path.exists('input') and os.path.isfile('/output') and Path('answer').exists()",
    "os.path.getsize('input') == 1",
    "not os.path.exists('other') and not Path('/etc/passwd').is_file() and not os.path.isfile(folder)",
    "os.path.isdir(folder) and os.makedirs(folder, exist_ok=True) is None",
    "json.load(open('answer')) == 1 and json.loads(open('input').read()) == 7",
    "open(0).read() == '' and sys.stdin.buffer.read() == b'' and open('/dev/stdin', 'rb').read() == b''",
]
WRITES = [
    "print('SECRET', file=open('feedback_dir/judgemessage.txt', 'w')) or read('judgemessage.txt') == 'SECRET\\n'",
    "Path(folder, 'a').write_text('x') == 1 and open(f'{folder}/a', 'a').write('y') == 1 and read('a') == 'xy'",
    "open(folder + '/b', 'wb').write(b'12') == 2 and open(folder + '/b', 'r+b').write(b'3') == 1 and read('b') == '32'",
    "open(folder + '/c', 'x').close() or read('c') == ''",
    "open(os.path.join(folder + '/', 'd'), 'w').write('1') and open(folder + '//e', 'w').write(read('d'))",
    "print('x') or print('x', file=sys.stderr) or sys.stdout.write('x') and open(1, 'w').write('x')",
]
REFUSED = {
    "open('input', 'w')": "OSError",
    "open('output', 'ab')": "OSError",
    "open('other')": "OSError",
    "open('/etc/passwd')": "OSError",
    "open('feedback_dir/../../etc/passwd')": "OSError",
    "open('feedback_dir/none')": "FileNotFoundError",
    "open('feedback_dir')": "FileNotFoundError",
    "open('feedback_dir/twice', 'w').close() or open('feedback_dir/twice', 'x')": "FileExistsError",
    "os.open('input', 0)": "OSError",
}
_HEAD = (
    "import codecs, io, json, os, sys\nfrom pathlib import Path\n"
    "data = '1\\r\\n\\u00e9 2\\n'.encode()\ntext = '1\\n\\u00e9 2\\n'\nfolder = 'feedback_dir'\n"
    "def read(name):\n    return open(f'{folder}/{name}').read()\n"
)
PRINTS = "import sys\nsys.stdout.buffer.write('1\\r\\n\\u00e9 2\\n'.encode())\n"


def test_every_way_to_read_a_file(judge: Judge) -> None:
    """Its files are those that its arguments name, however it opens them, as texts and as bytes."""
    code = _HEAD + "".join(f"assert {way}, {number}\n" for number, way in enumerate(READS))
    suite = checked("testlib", code)
    only = type(suite)(id="files", tests=(type(suite.tests[0])(stdin="7", stdout="1"),), checker=suite.checker)
    assert judge(only, PRINTS).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("protocol", ["kattis", "testlib"])
def test_every_way_to_write_a_file(judge: Judge, protocol: str) -> None:
    """It can leave messages where Kattis's validators do; nobody reads them."""
    code = _HEAD + "".join(f"assert {way}, {number}\n" for number, way in enumerate(WRITES))
    report = judge(checked(protocol, f"{code}sys.exit({42 if protocol == 'kattis' else 0})\n"), says(""))
    assert report.verdict is Verdict.ACCEPTED
    assert "SECRET" not in repr(report)


def test_what_is_no_file_of_its_own_cannot_be_opened(judge: Judge) -> None:
    """Names below its folder can be written; all else is refused as in every sandbox here."""
    code = _HEAD + "".join(
        f"try:\n    {act}\nexcept {error}:\n    pass\nelse:\n    raise AssertionError\n"
        for act, error in REFUSED.items()
    )
    assert judge(checked("testlib", code), says("")).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("way", ["sys.stdin.read()", "input() + '\\n'", "''.join(sys.stdin)", "open(0).read()"])
def test_the_output_is_a_validators_standard_input(judge: Judge, way: str) -> None:
    """A validator of Kattis reads the output from standard input, in every way that there is."""
    code = f"import sys\nsys.exit(42 if {way} == 'the output\\n' else 43)\n"
    assert judge(checked("kattis", code), says("the output")).verdict is Verdict.ACCEPTED
    assert judge(checked("kattis", code), says("another")).verdict is Verdict.WRONG_ANSWER


def test_its_modules_are_loaded_before_the_doors_close(judge: Judge) -> None:
    """A checker imports what it needs, at its start or in a function, as a solution does."""
    code = (
        "import sys, re\nfrom collections import Counter\n"
        "def main():\n    import fractions, statistics\n    return fractions.Fraction(statistics.mean([1, 1]))\n"
        "sys.exit(int(main()) - 1)\n"
    )
    assert judge(checked("testlib", code), says("")).verdict is Verdict.ACCEPTED
