"""An image that C++ and JavaScript were added to: what is in it, and what is graded with it.

Building it installs packages of Debian, so the engine's host needs to reach the mirror that the base image names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from sandbox import DockerSandbox, UnsupportedLanguage
from tests.aws.contract import results_of
from tests.aws.events import DOUBLE, sample
from tests.containers.engine import Engine
from tests.containers.image import build, built_image, docker, inspect, post, run, running
from tests.containers.tiers import LAMBDA_EPERM
from verifier import Verifier

ADDED = ("cpp", "javascript")

CPP = "```cpp\n#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n; }\n```"
WRONG_CPP = CPP.replace("2 *", "3 *")
BROKEN_CPP = CPP.replace("std::cin >> n;", "std::cin >> m;")
JAVASCRIPT = "```js\nconsole.log(2 * require('fs').readFileSync(0, 'utf8'))\n```"


@pytest.fixture(scope="module")
def image(docker_engine: Engine) -> str:
    """Return the name of the image with both languages."""
    return built_image(" ".join(ADDED))


@pytest.fixture(scope="module")
def verifier(image: str) -> Iterator[Verifier]:
    """Return a verifier whose programs run in a container of that image."""
    with DockerSandbox(image, workers=1) as sandbox, Verifier(sandbox=sandbox, workers=1) as made:
        yield made


def suite(language: str) -> dict[str, object]:
    """Return the inline suite that doubles numbers, for a language."""
    return {**DOUBLE, "language": language}


@pytest.mark.usefixtures("docker_engine")
def test_an_image_has_python_alone_unless_more_is_asked_for() -> None:
    """No package is added, and the languages add not a byte but an empty list."""
    plain = built_image()
    assert run(plain, "python", "-c", "print(open('/opt/debian-packages').read())").stdout == "\n"
    assert run(plain, "python", "-c", "import shutil; print(shutil.which('g++'))").stdout == "None\n"


def test_the_image_lists_what_was_added(image: str) -> None:
    """The packages that the languages' files name, and they are there."""
    listed = run(image, "python", "-c", "print(open('/opt/debian-packages').read())").stdout.split()
    assert listed == ["g++", "nodejs"]
    found = docker("run", "--rm", "--network=none", "--entrypoint=dpkg", image, "--status", *listed)
    assert found.stdout.count("Status: install ok installed") == len(listed)


def test_the_doctor_finds_the_languages_of_the_image(image: str) -> None:
    """As the image's ordinary user; others are not there, and the packages to install are named."""
    ran = run(image, "doctor", "--json", options=("--read-only", "--tmpfs=/tmp:exec"))
    rows = {row["language"]: row for row in json.loads(ran.stdout) if "language" in row}
    # C++'s package brings C's compiler, and Debian always has a shell.
    assert {name for name, row in rows.items() if row["ok"]} == {"python", "bash", "c", *ADDED}, ran.stdout
    assert "golang-go" in rows["go"]["detail"]


@pytest.mark.parametrize(
    ("language", "answer", "verdict"),
    [
        ("cpp", CPP, "accepted"),
        ("cpp", WRONG_CPP, "wrong_answer"),
        ("cpp", BROKEN_CPP, "compile_error"),
        ("javascript", JAVASCRIPT, "accepted"),
    ],
)
def test_answers_are_graded_in_a_container(verifier: Verifier, language: str, answer: str, verdict: str) -> None:
    """By `--sandbox docker`, which has the languages of its image."""
    grade = verifier.grade(answer, suite(language))
    assert (grade.judged, grade.verdict) == (True, verdict), grade


def test_a_language_that_the_image_lacks_is_refused(image: str) -> None:
    """Nothing is judged, and the message names the language."""
    with DockerSandbox(image, workers=1) as sandbox, Verifier(sandbox=sandbox, workers=1) as verifier:
        grade = verifier.grade("```go\npackage main\n```", suite("go"))
    assert not grade.judged
    with DockerSandbox(image, workers=1) as sandbox, pytest.raises(UnsupportedLanguage, match="cobol"):
        sandbox.check_language("cobol")


def test_the_handler_grades_other_languages(image: str) -> None:
    """Under the emulator, on a root that is read-only, as an ordinary user."""
    answers = [(CPP, "cpp"), (WRONG_CPP, "cpp"), (JAVASCRIPT, "javascript")]
    event = [sample(number, answer, suite(language)) for number, (answer, language) in enumerate(answers)]
    with running(image, "verifier.lambda_handler", options=("--read-only", "--tmpfs=/tmp:exec")) as container:
        reply = results_of(post(container, event), ["s-0", "s-1", "s-2"])
    right, wrong, javascript = (result["aggregate_reward_score"] for result in reply)
    assert (right, javascript) == (1.0, 1.0)
    assert wrong < 0


def test_nothing_is_built_where_a_compiler_could_read_all_files(image: str) -> None:
    """With the filter that was reported of Lambda there is no Landlock: a grader, which has suites, does not judge."""
    options = (*LAMBDA_EPERM.options, "--env=VERIFIER_REQUIRE=floor")
    with running(image, "verifier.lambda_handler", options=options) as container:
        reply = results_of(post(container, [sample(0, CPP, suite("cpp"))]), ["s-0"])
    metrics = {metric["name"]: metric["value"] for metric in reply[0]["metrics_list"]}
    assert metrics["judged"] == 0.0


def test_an_unknown_language_is_told_before_anything_is_built(docker_engine: Engine) -> None:
    """With those that there are."""
    ended = build(f"--base-image={docker_engine.image}", "--languages=cobol")
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("error: --languages: no language is called 'cobol'; there are bash")


def test_a_step_without_the_network_that_it_needs_is_named(docker_engine: Engine) -> None:
    """The end of apt's output says what it could not reach."""
    ended = build(f"--base-image={docker_engine.image}", "--languages=bash rust", "--network=none")
    assert ended.returncode == 2
    *output, line = ended.stderr.splitlines()
    assert re.match(r"error: the build failed at step (\d+) of \1: RUN set -e; missing", line)
    assert any("Failed to fetch" in each for each in output), output


def test_both_languages_add_less_than_500_mb(image: str) -> None:
    """Uncompressed, to an image with Python alone."""
    assert inspect(image, ".Size") - inspect(built_image(), ".Size") < 500e6
