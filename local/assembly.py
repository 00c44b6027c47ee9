"""A synthesized cloud assembly (`cdk.out`), read as data."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STACK, _ASSETS = "aws:cloudformation:stack", "cdk:asset-manifest"
_EPOCH = (1980, 1, 1, 0, 0, 0)
LAYER = "AWS::Lambda::LayerVersion"
ANY_ACCOUNT = "unknown-account"
"""Of a stack whose environment names none."""


class AssemblyError(ValueError):
    """The directory is not an assembly that can be deployed here."""


@dataclass(frozen=True)
class Asset:
    """One file to upload before its stack: a template, a zip, or a directory to be zipped."""

    path: Path
    bucket: str
    key: str
    empty: bool

    def content(self) -> bytes:
        """What is uploaded; a layer's dependencies are left out (see `Assembly`)."""
        if self.empty:
            return _zip([])
        if self.path.is_dir():
            files = (p for p in sorted(self.path.rglob("*")) if p.is_file())
            return _zip([(str(p.relative_to(self.path)), p.read_bytes()) for p in files])
        return self.path.read_bytes()


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    """The same bytes for the same files, whatever their dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, _EPOCH)
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return buffer.getvalue()


@dataclass(frozen=True)
class Stack:
    """One stack of the assembly."""

    artifact: str
    name: str
    account: str
    region: str
    template: Mapping[str, Any]
    template_key: tuple[str, str]
    assets: tuple[Asset, ...]
    dependencies: tuple[str, ...]
    tags: Mapping[str, str]
    termination_protection: bool = False


class Assembly:
    """All stacks of one `cdk.out`.

    A directory that a Lambda layer is made of is uploaded empty: it holds wheels for the
    functions' architecture, and the local workers find the same packages in their own environment.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        manifest = directory / "manifest.json"
        if not manifest.is_file():
            raise AssemblyError(f"{directory} holds no manifest.json: synthesize first")
        self._artifacts: dict[str, Any] = json.loads(manifest.read_text())["artifacts"]
        names = [n for n, a in self._artifacts.items() if a["type"] == _STACK]
        self._stacks = {name: self._stack(name) for name in names}
        if not self._stacks:
            raise AssemblyError(f"{directory} holds no stacks")

    @property
    def accounts(self) -> tuple[str, ...]:
        """Whom the stacks are for, in the order of their deployment; none when they are for any."""
        told = dict.fromkeys(stack.account for stack in self.in_order())
        return tuple(each for each in told if each != ANY_ACCOUNT)

    def in_order(self) -> Iterator[Stack]:
        """The stacks, each after those it depends on."""
        done: set[str] = set()

        def visit(name: str) -> Iterator[Stack]:
            if name in done:
                return
            done.add(name)
            for dependency in self._stacks[name].dependencies:
                yield from visit(dependency)
            yield self._stacks[name]

        for name in self._stacks:
            yield from visit(name)

    def _stack(self, name: str) -> Stack:
        artifact = self._artifacts[name]
        account, region = artifact["environment"].removeprefix("aws://").split("/")
        properties = artifact["properties"]
        template = json.loads((self._directory / properties["templateFile"]).read_text())
        assets = tuple(self._assets(artifact, template, account, region))
        key = next((a for a in assets if a.path.name == properties["templateFile"]), None)
        if key is None:
            raise AssemblyError(f"{name}: its template is not among its assets")
        known = [d for d in artifact.get("dependencies", ()) if d in self._artifacts]
        return Stack(
            artifact=name,
            name=properties.get("stackName", name),
            account=account,
            region=region,
            template=template,
            template_key=(key.bucket, key.key),
            assets=assets,
            dependencies=tuple(d for d in known if self._artifacts[d]["type"] == _STACK),
            tags=properties.get("tags", {}),
            termination_protection=bool(properties.get("terminationProtection", False)),
        )

    def _assets(self, artifact: Any, template: Any, account: str, region: str) -> Iterator[Asset]:
        layers = {
            str(resource["Properties"]["Content"].get("S3Key"))
            for resource in template.get("Resources", {}).values()
            if resource["Type"] == LAYER
        }
        for dependency in artifact.get("dependencies", ()):
            listing = self._artifacts.get(dependency, {})
            if listing.get("type") != _ASSETS:
                continue
            files = json.loads((self._directory / listing["properties"]["file"]).read_text())
            for entry in files["files"].values():
                for destination in entry["destinations"].values():
                    bucket = destination["bucketName"]
                    bucket = bucket.replace("${AWS::AccountId}", account)
                    key = destination["objectKey"]
                    yield Asset(
                        path=self._directory / entry["source"]["path"],
                        bucket=bucket.replace("${AWS::Region}", region),
                        key=key,
                        empty=key in layers,
                    )
