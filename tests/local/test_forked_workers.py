"""Workers that are forked: each is a Python of its own, as if it had been started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator import LocalAws
from local.gaps.forked_workers import process
from local.gaps.forked_workers.shared_code import SharedCode
from local.gaps.forked_workers.template import Template, TemplateGoneError, Templates
from local.gaps.forked_workers.worker import ForkedWorker
from tests.local.conftest import REGION, function, unique

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux alone")
PROCESS = Path(process.__file__)
SHOWS = """
import json, os, random, sys
print(json.dumps({
    "environment": dict(os.environ), "folder": os.getcwd(), "arguments": sys.argv,
    "path": sys.path[0], "name": __name__, "drawn": random.random(), "parent": os.getppid(),
    "loaded": sorted(sys.modules),
}))
"""


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    template = Template()
    yield template
    template.close()


class Starts:
    """Workers that run a script."""

    def __init__(self, template: Template, folder: Path) -> None:
        self.template, self.folder = template, folder

    def __call__(self, source: str, **environment: str) -> ForkedWorker:
        script = self.folder / f"{unique('script')}.py"
        script.write_text(source)
        return self.template.fork(str(script), str(self.folder), environment)

    def shown(self, **environment: str) -> dict[str, Any]:
        worker = self(SHOWS, **environment)
        told: dict[str, Any] = json.loads(worker.stdout.read())
        assert worker.wait() == 0
        return told


@pytest.fixture
def starts(template: Template, tmp_path: Path) -> Starts:
    return Starts(template, tmp_path)


def test_it_knows_its_own_environment_alone(starts: Starts, tmp_path: Path) -> None:
    one, two = starts.shown(FIRST="1"), starts.shown(SECOND="2")
    assert (one["environment"], two["environment"]) == ({"FIRST": "1"}, {"SECOND": "2"})
    assert one["folder"] == str(tmp_path)
    assert one["path"] == str(tmp_path), "as where a script lies"
    assert (one["name"], len(one["arguments"])) == ("__main__", 1)
    assert one["drawn"] != two["drawn"], "chance is not inherited"
    assert one["parent"] == two["parent"] != os.getpid()
    ours = ("cognito_standby", "tasks", "local", "tests")
    assert not [name for name in one["loaded"] if name.split(".")[0] in ours]


def _code(folder: Path, *, known: str) -> Path:
    """A script beside code of ours that knows this, and that lacks what it needs in a place."""
    core = folder / "code" / "cognito_standby" / "core"
    core.mkdir(parents=True)
    for name, source in {
        "../__init__.py": "",
        "__init__.py": "",
        "first.py": f"KNOWN = {known!r}",
        "second.py": "import there_is_no_such_module",
    }.items():
        (core / name).write_text(source)
    script = folder / "script.py"
    script.write_text(
        "import json, sys\n"
        "held = sorted(name for name in sys.modules if name.startswith('cognito_standby'))\n"
        "sys.path.insert(0, sys.argv[0].replace('script.py', 'code'))\n"
        "from cognito_standby.core.first import KNOWN\n"
        "print(json.dumps([held, KNOWN]))\n"
    )
    return script


def test_workers_of_our_code_hold_what_most_share_and_each_release_its_own(tmp_path: Path) -> None:
    templates, told = Templates(), []
    for known in ("this", "that"):
        script = _code(tmp_path / known, known=known)
        template = templates.of(str(script))
        assert templates.of(str(script)) is template
        worker = template.fork(str(script), str(tmp_path), {})
        told.append(json.loads(worker.stdout.read()))
        assert worker.wait() == 0
    held = [f"cognito_standby{rest}" for rest in ("", ".core", ".core.first")]
    assert told == [[held, "this"], [held, "that"]]
    other = templates.of(str(tmp_path / "other" / "script.py"))
    assert other is templates.of(str(tmp_path / "another" / "script.py")), "nothing of ours"
    templates.close()
    with pytest.raises(TemplateGoneError):
        templates.of(str(tmp_path / "late" / "script.py"))


def test_what_they_share_is_imported_without_a_look_at_the_environment(starts: Starts) -> None:
    """Of all workers the process that they are forked from has one, and it is nobody's."""
    source = f"""
import os, sys
sys.path[:0] = [{str(PROCESS.parent)!r}]
import process
class Nobodys(dict):
    def __missing__(self, name): raise AssertionError(name)
    def get(self, name, *_): raise AssertionError(name)
    __contains__ = get
os.environ = Nobodys()
before = set(sys.modules)
process.import_what_most_share({str(PROCESS.parents[3])!r})
print(len([name for name in set(sys.modules) - before if name.startswith("cognito_standby.")]))
"""
    worker = starts(source)
    said, failed = worker.stdout.read(), worker.stderr.read()
    assert worker.wait() == 0, failed
    assert int(said) > 100


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("print('done')", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("import os; os._exit(4)", 4, ""),
        ("raise ValueError('no such thing')", 1, "ValueError: no such thing"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9, ""),
    ],
)
def test_its_end_is_told_with_its_code(starts: Starts, source: str, code: int, said: str) -> None:
    worker = starts(source)
    assert said in worker.stderr.read()
    assert worker.wait() == worker.poll() == code
    worker.kill()
    assert worker.returncode == code, "whoever has ended is left alone"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_it_is_ended_by_a_signal(starts: Starts, number: signal.Signals) -> None:
    worker = starts("import time\nprint('here', flush=True)\ntime.sleep(600)")
    assert worker.stdout.readline() == "here\n"
    assert worker.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(timeout=0.01)
    worker.send_signal(number)
    assert worker.wait() == -number


def test_one_outlives_another_and_reads_until_its_line_is_closed(starts: Starts) -> None:
    echoes = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
    one, two = starts(echoes), starts(echoes)
    one.stdin.close()
    assert one.wait() == 0, "nobody else holds its line"
    two.stdin.write("ä\n")
    assert two.stdout.readline() == "Ä\n"
    two.stdin.close()
    assert two.wait() == 0


def test_a_template_that_is_gone_is_told(tmp_path: Path) -> None:
    starts = Starts(Template(), tmp_path)
    parent = starts.shown()["parent"]
    os.kill(parent, signal.SIGKILL)
    assert starts.template._process
    starts.template._process.wait()
    with pytest.raises(TemplateGoneError):
        starts("")
    starts.template.close()


def test_who_ends_after_the_template_was_closed_starts_no_other_one(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As a worker that is still looked at when everything is being stopped."""
    starts = Starts(Template(), tmp_path)
    late = starts("import sys\nsys.stdin.read()")
    starts.template.close()
    late.stdin.close()
    assert late.wait() == -signal.SIGKILL, "nobody is left who could tell how"
    assert starts.template._process is None
    with pytest.raises(TemplateGoneError):
        starts("")
    assert capfd.readouterr().err == ""


def test_workers_of_one_zip_share_what_it_holds(tmp_path: Path) -> None:
    shared, folders = SharedCode(tmp_path / "shared"), []
    (tmp_path / "shared").mkdir()
    for number, held in enumerate(("a = 1", "a = 1", "a = 2")):
        archive, code = tmp_path / f"{number}.zip", tmp_path / str(number) / "code"
        code.mkdir(parents=True)
        with zipfile.ZipFile(archive, "w") as made:
            made.writestr(zipfile.ZipInfo("part/index.py"), held)
        with shared.archive(str(archive)) as opened:
            opened.extractall(code)
        assert (code / "part" / "index.py").read_text() == held
        folders.append(code.resolve())
    assert folders[0] == folders[1] != folders[2]


def test_a_layer_is_unpacked_where_it_is_wanted(tmp_path: Path) -> None:
    archive, place = tmp_path / "layer.zip", tmp_path / "layer_0"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("python/a.py", "")
    with SharedCode(tmp_path).archive(str(archive)) as opened:
        opened.extractall(place)
    assert not place.is_symlink()
    assert (place / "python" / "a.py").exists()


@pytest.mark.local_aws
def test_functions_run_in_such_workers(aws: LocalAws) -> None:
    source = """
import os
def handler(event, context):
    return {"parent": os.getppid(), "name": os.environ["AWS_LAMBDA_FUNCTION_NAME"]}
"""
    told = []
    for arn in (function(aws, source), function(aws, source)):
        reply = aws.client("lambda", REGION).invoke(FunctionName=arn)
        told.append(json.loads(reply["Payload"].read()))
        assert arn.endswith(told[-1]["name"])
    assert told[0]["parent"] == told[1]["parent"] != os.getpid()
