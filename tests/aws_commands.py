"""Whether a command of the AWS CLI exists, by the SDK's service models: operation, options, waiter.

The CLI is made from the same models (AWS CLI user guide, "Command structure"): an operation's name
in kebab case, an option for each member of its input, `--no-x` for booleans, `wait <waiter>`.
"""

from __future__ import annotations

import re
import shlex

from botocore import xform_name
from botocore.session import Session

_SESSION = Session()
_SERVICES = {"s3api": "s3"}
_GLOBAL = {"--region", "--profile", "--output", "--query"}
_CUSTOM = {("configure", "sso"), ("configure", "list-profiles")}
"""Commands of the CLI itself."""
_RENAMED = {"--notification-endpoint": "--endpoint"}
"""Options that the CLI calls otherwise, because the name was taken (aws-cli, customizations)."""


def faults(command: str) -> list[str]:
    """What is wrong with one line; nothing for what is no command of the AWS CLI."""
    words = shlex.split(re.sub(r"<[^>]+>", "VALUE", command), comments=True)
    if not words or words[0] != "aws":
        return []
    if tuple(words[1:3]) in _CUSTOM:
        return []
    service, verb, *rest = words[1:]
    name = _SERVICES.get(service, service)
    if name not in _SESSION.get_available_services():
        return [f"no service {service}"]
    model = _SESSION.get_service_model(name)
    if verb == "wait":
        waiters = _SESSION.get_waiter_model(name)
        kebab = {xform_name(each, "-"): each for each in waiters.waiter_names}
        if rest[0] not in kebab:
            return [f"{service} has no waiter {rest[0]}"]
        operation, rest = waiters.get_waiter(kebab[rest[0]]).operation, rest[1:]
    else:
        operations = {xform_name(each, "-"): each for each in model.operation_names}
        if verb not in operations:
            return [f"{service} has no operation {verb}"]
        operation = operations[verb]
    shape = model.operation_model(operation).input_shape
    members = {f"--{xform_name(each, '-')}" for each in (shape.members if shape else {})}
    required = {f"--{xform_name(each, '-')}" for each in (shape.required_members if shape else [])}
    given = {_RENAMED.get(word, word) for word in rest if word.startswith("--")}
    unknown = {
        option
        for option in given - members - _GLOBAL
        if f"--{option.removeprefix('--no-')}" not in members
    }
    missing = {each for each in required - given if f"--no-{each[2:]}" not in given}
    return [
        *(f"{service} {verb} has no option {each}" for each in sorted(unknown)),
        *(f"{service} {verb} needs {each}" for each in sorted(missing)),
    ]
