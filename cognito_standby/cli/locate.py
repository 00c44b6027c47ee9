"""Which installation a command is about, and how it is reached.

--outputs FILE                               the local AWS that wrote it
--installation, --regions, --profile or      an AWS account, by the stacks
STANDBY_INSTALLATION, STANDBY_REGIONS        `<installation>-<region>`; what is not given
                                             comes from the file that COGNITO_STANDBY_CONFIG
                                             names, or from cdk.json (context key `standby`)
--backup-profile or STANDBY_BACKUP_PROFILE   the account of the backup Region, where it is another
none of these, and .local/outputs.json       the local AWS, and the output says so
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cognito_standby.core.settings import BACKUP_PROFILE
from cognito_standby.operator.adapters.connection import Connection

CONFIG_VARIABLE = "COGNITO_STANDBY_CONFIG"
"""Names a JSON file that replaces the configuration in cdk.json, as for a deployment."""
LOCAL = Path(".local/outputs.json")
_CDK = Path("cdk.json")
_PAIR = 2
_INSTALLATION = re.compile(r"[a-z][a-z0-9-]{2,20}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class NotLocatedError(ValueError):
    """It is not known which installation is meant; the text says what to give."""


class NothingSaidError(NotLocatedError):
    """Neither options nor environment nor a file say it: whoever asks can show how it is said."""


@dataclass(frozen=True)
class LocationOptions:
    """The options of the command line; empty: not given."""

    installation: str = ""
    regions: str = ""
    profile: str = ""
    outputs: Path | None = None
    backup_profile: str = ""


@dataclass(frozen=True)
class Location:
    """An installation: how to reach it, its two Regions, and what to tell about the choice."""

    connection: Connection
    installation: str
    regions: tuple[str, str]
    notice: str = ""

    def other(self, region: str) -> str:
        """The Region that is not `region`."""
        return self.regions[1] if region == self.regions[0] else self.regions[0]


def locate(asked: LocationOptions, folder: Path, environ: Mapping[str, str]) -> Location:
    """Find out what is meant. NotLocatedError."""
    installation = asked.installation or environ.get("STANDBY_INSTALLATION", "")
    regions = asked.regions or environ.get("STANDBY_REGIONS", "")
    if asked.outputs is not None:
        return _local(asked.outputs, f"the local AWS of {asked.outputs}")
    if not (installation or regions or asked.profile) and (folder / LOCAL).exists():
        notice = f"the local AWS of {LOCAL} (for AWS give --installation, --regions or --profile)"
        return _local(folder / LOCAL, notice)
    context = {} if installation and regions else config_in(folder, environ)
    installation = installation or str(context.get("installation", ""))
    pair = _split(regions) or _split(
        f"{context.get('primary_region', '')},{context.get('backup_region', '')}"
    )
    if not installation or len(pair) != _PAIR:
        missing = [] if installation else ["its name"]
        missing += [] if len(pair) == _PAIR else ["its two Regions"]
        raise NothingSaidError(f"which installation? Nothing here says {' and '.join(missing)}")
    _look_at(installation, pair)
    connection = by_profiles(asked, environ, pair[1], context)
    return Location(connection, installation, (pair[0], pair[1]))


def by_profiles(
    asked: LocationOptions,
    environ: Mapping[str, str],
    backup_region: str,
    context: Mapping[str, Any],
) -> Connection:
    """To the account, or to both. NotLocatedError: by the configuration (`context`) there are two,
    and a profile is known of one."""
    profile = asked.backup_profile or environ.get(BACKUP_PROFILE, "")
    if profile:
        beside = Connection(profile=profile)
        return Connection(profile=asked.profile, beside=beside, beside_region=backup_region)
    backup = context.get("backup_account")
    if backup and backup != context.get("account"):
        raise NotLocatedError(
            f"the standby is in the account {backup}: give --backup-profile, or set "
            f"{BACKUP_PROFILE}, to a profile of it"
        )
    return Connection(profile=asked.profile)


def _look_at(installation: str, regions: list[str]) -> None:
    """What cannot be meant is refused here: AWS would answer that there is no such stack."""
    if not _INSTALLATION.fullmatch(installation):
        raise NotLocatedError(
            f"{installation!r} is no name of an installation: 3 to 21 of a-z, 0-9 and -, the first "
            "a letter"
        )
    for region in regions:
        if not _REGION.fullmatch(region):
            raise NotLocatedError(f"{region!r} is no Region's name, like eu-central-1")
    if regions[0] == regions[1]:
        raise NotLocatedError(f"primary and backup Region are both {regions[0]}")


def _local(path: Path, notice: str) -> Location:
    try:
        outputs = json.loads(path.read_text())
        regions = (outputs["primary"]["region"], outputs["backup"]["region"])
        connection = _local_connection(outputs, regions[1])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = type(error).__name__
        raise NotLocatedError(f"{path} cannot be read as outputs of `make up`: {reason}") from None
    return Location(connection, "", regions, notice)


def _local_connection(outputs: Mapping[str, Any], backup_region: str) -> Connection:
    """Of one account, or of two, as the outputs name them. KeyError, TypeError."""
    account = outputs["account"]
    connection = Connection(endpoint=outputs["endpoint"], account=account)
    other = outputs["backup"].get("account") or account
    if other == account:
        return connection
    beside = replace(connection, account=other)
    return replace(connection, beside=beside, beside_region=backup_region)


def config_in(folder: Path, environ: Mapping[str, str]) -> Mapping[str, Any]:
    """What is configured for a deployment from this folder: in the file that is named by the
    environment, else in cdk.json; nothing where there is none. NotLocatedError: it cannot be
    read."""
    named = environ.get(CONFIG_VARIABLE, "")
    path = folder / (named or _CDK)
    if not named and not path.exists():
        return {}
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError, RecursionError) as error:
        why = f", which {CONFIG_VARIABLE} names," if named else ""
        raise NotLocatedError(f"{path}{why} cannot be read: {error}") from None
    if named:
        if not isinstance(content, dict):
            raise NotLocatedError(f"{path}, which {CONFIG_VARIABLE} names, is no JSON object")
        return content
    found = content.get("context", {}) if isinstance(content, dict) else {}
    context = found.get("standby", {}) if isinstance(found, dict) else {}
    return context if isinstance(context, dict) else {}


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
