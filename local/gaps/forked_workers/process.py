"""The process that workers are forked from: a script, run with the number of its socket, and with
the folder of its workers' code if that is ours.

It has one thread, so that a fork is as good as a start. The line's end is its end.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import struct
import sys
from typing import Any

_DESCRIPTORS = 4
"""A worker's standard input, output and error, and the one by whose closing its end is seen."""
_SERVICES = ("cognito-idp", "dynamodb", "events", "lambda", "s3", "sqs", "ssm", "stepfunctions")
"""Whose clients functions make most often."""
_SHARED = (
    *(f"cognito_standby.{name}" for name in ("core", "replication", "triggers", "failures")),
    *(f"cognito_standby.changes.{name}" for name in ("domain", "adapters")),
)
"""Packages of ours which most functions import: a third of a worker's start. To import them reads
no environment (tests/local/test_forked_workers.py), so that what one worker is told is its own."""


def main(line: socket.socket, code: str = "") -> None:
    """Answer until nobody asks any more. In a worker: be one."""
    _import_what_all_need()
    if code:
        import_what_most_share(code)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        head, descriptors, _, _ = socket.recv_fds(line, 4, _DESCRIPTORS)
        if not head:
            return
        asked = _read(line, head)
        if "ended" in asked:
            answer = {"code": os.waitstatus_to_exitcode(os.waitpid(asked["ended"], 0)[1])}
        else:
            answer = {"pid": os.fork()}
            if not answer["pid"]:
                line.close()
                _become(asked, descriptors)
                return
            for descriptor in descriptors:
                os.close(descriptor)
        line.sendall(json.dumps(answer).encode() + b"\n")


def _import_what_all_need() -> None:
    import aws_lambda_powertools  # noqa: F401, PLC0415
    import boto3.dynamodb.types  # noqa: F401, PLC0415

    read_what_clients_need()


def read_what_clients_need() -> None:
    """A client imports much of botocore only when it is made, and reads the models of its service
    then, and which services there are; these ask nobody anything. What was read is kept for
    whichever client comes."""
    import boto3  # noqa: PLC0415
    from botocore.loaders import JSONFileLoader, Loader  # noqa: PLC0415

    read, look = JSONFileLoader.load_file, Loader.list_available_services
    kept = functools.cache(lambda path: read(JSONFileLoader(), path))
    there = functools.cache(lambda kind: look(Loader(include_default_search_paths=True), kind))
    setattr(JSONFileLoader, "load_file", lambda _, path: kept(path))  # noqa: B010
    setattr(Loader, "list_available_services", lambda _, type_name: there(type_name))  # noqa: B010
    session: Any = boto3.session.Session("none", "none", region_name="us-east-1")
    for service in _SERVICES:
        session.client(service)


def import_what_most_share(code: str) -> None:
    """From this folder. What another release lacks, or calls otherwise, its workers import."""
    sys.path.insert(0, code)
    for name in _SHARED:
        with contextlib.suppress(ImportError):
            package = importlib.import_module(name)
            for module in pkgutil.walk_packages(package.__path__, f"{name}."):
                importlib.import_module(module.name)
    sys.path.remove(code)


def _read(line: socket.socket, head: bytes) -> Any:
    body, (size,) = b"", struct.unpack("!I", head)
    while len(body) < size:
        body += line.recv(size - len(body))
    return json.loads(body)


def _become(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Run the script, as a Python that was started with it. `life` stays open until the end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for standard, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    sys.argv = [asked["script"]]
    sys.path.insert(0, os.path.dirname(asked["script"]))  # noqa: PTH120
    runpy.run_path(asked["script"], run_name="__main__")


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), *sys.argv[2:])
