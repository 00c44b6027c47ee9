"""Templates are synthesized once a session; they are what the tests look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.config.source import parse, read_context
from stacks.packaged_node import use_packaged_node
from tests.stacks.templates import Assembly
from tests.stacks.variants import EVERY

ROOT = Path(__file__).parents[2]
VALIDATED = ("standard",)
"""At whose templates CDK looks itself in `make test`, as at every variant's in `make test-full`."""
Told = tuple[frozenset[str], dict[str, str]]
"""The stacks that do not stand yet, and Regions' streams."""
STREAM = {"us-west-2": "arn:the-stream"}
TOLD: dict[str, Told] = {"detached": (frozenset({"us-west-2"}), STREAM)}
"""What a deployment tells of a variant: of this one, that its second Region was not completed."""


@pytest.fixture(scope="session")
def empty_layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layer = tmp_path_factory.mktemp("layer")
    (layer / "python").mkdir()
    return layer


class Synthesizer:
    """Synthesizes a config once, and remembers which findings were acknowledged and why."""

    def __init__(self, directory: Path, layer: Path, patch: pytest.MonkeyPatch) -> None:
        self._directory, self._layer, self._patch = directory, layer, patch
        self._done: dict[str, Assembly] = {}
        self.acknowledged: list[tuple[str, str, str]] = []
        """Construct path, rule, reason."""
        self._spy()

    def assembly(self, name: str, *, unprotected: tuple[str, ...] = ()) -> Assembly:
        """A variant; other stacks that do not stand yet make another assembly of it."""
        told = (frozenset(unprotected), {}) if unprotected else TOLD.get(name)
        key = "-".join((name, *sorted(unprotected)))
        if key not in self._done:
            validated = name in VALIDATED and not unprotected
            self._write(name, self._directory / key, told, validated=validated)
            self._done[key] = Assembly(self._directory / key, EVERY[name])
        return self._done[key]

    def validated(self, name: str) -> Assembly:
        """A variant at whose templates CDK looks itself. RuntimeError: it is not content."""
        if name in VALIDATED:
            return self.assembly(name)
        outdir = self._directory / f"{name}-validated"
        self._write(name, outdir)
        return Assembly(outdir, EVERY[name])

    def _write(
        self, name: str, outdir: Path, told: Told | None = None, *, validated: bool = True
    ) -> None:
        # Not at the top: aws_cdk starts Node, which must be told where it is first.
        from stacks.application import synthesize  # noqa: PLC0415
        from stacks.settings import StackSettings  # noqa: PLC0415

        config, context = parse(EVERY[name], name), read_context(ROOT)
        settings = StackSettings(config, ROOT, self._layer, *(told or (frozenset(), {})))
        synthesize(settings, outdir=outdir, context=context, validated=validated)

    def findings(self, name: str) -> set[tuple[str, str]]:
        """Construct path and rule of what cdk-nag finds when nothing is acknowledged."""
        import aws_cdk  # noqa: PLC0415

        outdir = self._directory / f"{name}-bare"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aws_cdk.Validations, "acknowledge", lambda *_: None)
            with pytest.raises(RuntimeError, match="ValidationFailed"):
                self._write(name, outdir)
        report = json.loads((outdir / "validation-report.json").read_text())
        return {
            (construct["constructPath"], violation["ruleName"])
            for plugin in report["pluginReports"]
            for violation in plugin["violations"]
            for construct in violation["violatingConstructs"]
        }

    def _spy(self) -> None:
        import aws_cdk  # noqa: PLC0415

        original_of = aws_cdk.Validations.of
        original = aws_cdk.Validations.acknowledge
        paths: dict[int, str] = {}

        def of(scope: Any) -> Any:
            found = original_of(scope)
            paths[id(found)] = scope.node.path
            return found

        def acknowledge(self_: Any, *rules: Any) -> None:
            for rule in rules:
                self.acknowledged.append((paths[id(self_)], rule.id, rule.reason))
            original(self_, *rules)

        self._patch.setattr(aws_cdk.Validations, "of", of)
        self._patch.setattr(aws_cdk.Validations, "acknowledge", acknowledge)


@pytest.fixture(scope="session")
def synthesizer(tmp_path_factory: pytest.TempPathFactory, empty_layer: Path) -> Any:
    use_packaged_node()
    with pytest.MonkeyPatch.context() as patch:
        yield Synthesizer(tmp_path_factory.mktemp("assemblies"), empty_layer, patch)


@pytest.fixture(scope="session")
def standard(synthesizer: Synthesizer) -> Assembly:
    return synthesizer.assembly("standard")


@pytest.fixture(scope="session")
def email(synthesizer: Synthesizer) -> Assembly:
    return synthesizer.assembly("email")


@pytest.fixture(scope="session")
def existing(synthesizer: Synthesizer) -> Assembly:
    return synthesizer.assembly("existing")


@pytest.fixture(scope="session")
def detached(synthesizer: Synthesizer) -> Assembly:
    return synthesizer.assembly("detached")


@pytest.fixture(scope="session", params=["standard", "email", "existing"])
def assembly(request: pytest.FixtureRequest, synthesizer: Synthesizer) -> Assembly:
    """Every variant in turn."""
    return synthesizer.assembly(request.param)
