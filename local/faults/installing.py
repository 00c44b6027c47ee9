"""Puts every part of fault injection in its place."""

from __future__ import annotations

from local.cognito_store import CognitoStore
from local.faults import edges, regions, workers
from local.faults.gate import FaultGate
from local.faults.registry import Faults
from local.protocol import App


def install(app: App, faults: Faults, store: CognitoStore) -> App:
    """Patch the emulator, after the gaps, and stand in front of the app."""
    edges.install(faults)
    regions.install(faults)
    workers.install(faults)
    return FaultGate(app, faults, store)
