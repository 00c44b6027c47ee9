"""The functions: one entry of `TASKS` each. `tasks/<name>.py` is the code of the task <name>."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypedDict

from stacks.permissions import api, arrivals, changes, configuration, publication
from stacks.permissions import containment as also_may
from stacks.permissions import core as may
from stacks.permissions import failover as takes_over
from stacks.permissions import passwords as sets
from stacks.permissions import past_tables as past
from stacks.permissions import reconciliation as compares
from stacks.permissions import restoring as restores
from stacks.permissions.core import Permission


class Role(Enum):
    """What a function is for: decides its settings and whether its calls are echoes."""

    TRIGGER = auto()
    """Called by the pool; told TriggerSettings."""
    SIGN_UP = auto()
    """Called by the pool before a user is kept; told SlotSettings and FenceSettings."""
    DOOR = auto()
    """Called by the pool before a sign-in or a message; told SlotSettings and FenceSettings."""
    TOKENS = auto()
    """Called by the pool before tokens are signed; told TokenSettings and FenceSettings."""
    MIGRATION = auto()
    """Called by a pool that is filled on demand, about somebody whom it does not know; told
    SyncSettings but for the pool, FenceSettings and OldPoolSettings."""
    SYNC = auto()
    """A step of sync_user; told SyncSettings."""
    PLAN = auto()
    """The first step of sync_user; told PlanSettings."""
    REPLAY = auto()
    """A step that writes to the pool: its own calls are no hints. Told SyncSettings."""
    NOTE = auto()
    """Notes a failure and claims its letter; told NoteSettings."""
    CANARY = auto()
    """Measures the RPO; told CanarySettings."""
    SWEEP = auto()
    """Looks for what the status events missed; told SweepSettings."""
    RECONCILE = auto()
    """A step of reconcile_pool; told ReconcileSettings."""
    REPAIR = auto()
    """The one that writes to the pool: its own calls are no hints. Told ReconcileSettings."""
    CHANGE = auto()
    """A step of apply_admin_change, or what makes a pool safe after one: its own calls are no
    hints. Told ChangeSettings."""
    API = auto()
    """Answers the gateway; told ApiSettings."""
    PASSWORDS = auto()
    """Sets unknown passwords before this Region opens: its own calls are no hints. Told
    PasswordSettings."""
    MEMBERS = auto()
    """Finds those who were in a group; told MembersSettings."""
    FAILOVER = auto()
    """A step of fail_over or stand_down; told FailoverSettings."""
    PAST = auto()
    """Opens or closes the table of a time; told PastSettings."""
    PUBLISH = auto()
    """Publishes which pool is active; told PublishSettings."""
    RESTORE = auto()
    """A step of restore_pool; told RestoreSettings."""
    CONFIGURATION = auto()
    """Reads and keeps the pool's configuration; told ConfigurationSettings."""
    SWITCH = auto()
    """Called by ARC Region switch; told SwitchSettings."""


class _Limits(TypedDict):
    timeout_seconds: int
    memory_mb: int


@dataclass(frozen=True)
class Task:
    """One function."""

    name: str
    role: Role
    permissions: tuple[Permission, ...]
    timeout_seconds: int = 30
    memory_mb: int = 512


_LONG: _Limits = {"timeout_seconds": 240, "memory_mb": 1024}
"""Within the 5 minutes of an Express execution; the memory buys CPU for comparing."""

_ASKED: _Limits = {"timeout_seconds": 5, "memory_mb": 1024}
"""Cognito's own limit of a trigger; the memory buys CPU for the cold start."""
_DOOR = (may.read_role, may.read_published_role)
"""For the fence."""

_LOOK = (may.keep_ledger, may.read_records, may.read_pool)
_SYNC = (*_LOOK, may.forget_conflicts)
"""For steps that confirm: who is erased keeps no list of conflicts."""
FORMER_REPLAY = ("replay_profile", "replay_memberships", "confirm_sync")
"""Tasks of states that sync_user had before. Executions keep their definition: those that run
during an upgrade, and those that failed before it and are redriven."""
_BELIEF = (may.know_world, may.see_recoveries)
"""For steps that record a deletion."""
_RECORD = (may.write_records, *may.KEEP_NAMES, may.find_names)
_REPLAY = (
    *(*_SYNC, *_RECORD, may.know_world, may.write_profiles, may.pass_group_roles),
    *(may.write_memberships, may.publish_hints),
)

TASKS = (
    Task("post_confirmation", Role.TRIGGER, (may.publish_hints, may.park_hints), **_ASKED),
    Task("pre_sign_up", Role.SIGN_UP, (*_DOOR, may.read_intents, *arrivals.KEEP_NAMES), **_ASKED),
    Task("pre_token_generation", Role.TOKENS, (may.read_origins, *_DOOR, *arrivals.BIND), **_ASKED),
    Task("pre_authentication", Role.DOOR, _DOOR, **_ASKED),
    Task("custom_message", Role.DOOR, _DOOR, **_ASKED),
    # A whole processor: it starts with the SDK, and makes some fifteen calls within the 5 s.
    Task(
        "user_migration",
        Role.MIGRATION,
        (*_DOOR, *arrivals.MIGRATE),
        timeout_seconds=5,
        memory_mb=1769,
    ),
    Task("plan_sync", Role.PLAN, (*_SYNC, *_RECORD, may.note_passwords)),
    Task("capture_record", Role.SYNC, (*_SYNC, *_BELIEF, *_RECORD, may.publish_hints)),
    Task("replay_record", Role.REPLAY, _REPLAY),
    # Of executions that began before replay_record was: the next release takes them away.
    *(Task(name, Role.REPLAY, _REPLAY) for name in FORMER_REPLAY),
    Task("snapshot_user", Role.CHANGE, changes.SNAPSHOT),
    Task("apply_change", Role.CHANGE, changes.APPLY),
    Task("write_record", Role.CHANGE, changes.STEP),
    Task("compensate_change", Role.CHANGE, changes.COMPENSATE),
    Task("complete_change", Role.CHANGE, changes.COMPLETE),
    Task("note_failure", Role.NOTE, (*also_may.NOTE, changes.keep_change)),
    Task(
        "contain_failure",
        Role.CHANGE,
        (
            *(*_LOOK, may.read_names_key, may.find_names),
            *(changes.read_changes, may.publish_hints),
            *(also_may.describe_executions, also_may.quarantine),
        ),
    ),
    Task(
        "measure_rpo",
        Role.CANARY,
        (may.read_records, also_may.change_canary, may.read_names_key, may.find_names),
    ),
    # Below the gateway's limit of 29 s; the memory buys CPU for the cold start.
    Task("admin_api", Role.API, api.ADMIN_API, timeout_seconds=28, memory_mb=1024),
    Task("hint_members", Role.MEMBERS, (may.search_records, may.publish_hints), timeout_seconds=60),
    Task("open_run", Role.RECONCILE, compares.OPEN, timeout_seconds=45),
    Task("plan_listing", Role.RECONCILE, compares.PROBE, **_LONG),
    Task("list_part", Role.RECONCILE, compares.LIST, **_LONG),
    Task("plan_comparison", Role.RECONCILE, compares.PLAN, timeout_seconds=45),
    Task("compare_bucket", Role.RECONCILE, compares.COMPARE, **_LONG),
    Task("judge_drift", Role.RECONCILE, compares.JUDGE, **_LONG),
    Task("ask_operator", Role.RECONCILE, compares.ASK),
    Task(
        "plan_repairs",
        Role.RECONCILE,
        (*compares.PLAN, compares.settle_question, compares.keep_pool_note),
        **_LONG,
    ),
    Task("repair_batch", Role.REPAIR, compares.REPAIR, **_LONG),
    Task("write_report", Role.RECONCILE, compares.REPORT, **_LONG),
    Task("close_run", Role.RECONCILE, compares.CLOSE),
    Task("plan_failover", Role.FAILOVER, takes_over.PLAN),
    Task("survey_records", Role.FAILOVER, takes_over.SURVEY, **_LONG),
    Task("settle_region", Role.FAILOVER, takes_over.SETTLE),
    Task("reconcile_region", Role.FAILOVER, takes_over.RECONCILE),
    Task("claim_region", Role.FAILOVER, takes_over.CLAIM),
    Task("stand_down", Role.FAILOVER, takes_over.CLAIM),
    Task("open_past_table", Role.PAST, past.OPEN),
    Task("close_past_table", Role.PAST, past.CLOSE),
    Task("publish_active", Role.PUBLISH, publication.PUBLISH),
    # It follows its machine as long as it can; Region switch calls it again.
    Task("arc_region_switch", Role.SWITCH, publication.SWITCH, timeout_seconds=300, memory_mb=256),
    Task("reset_changed_passwords", Role.PASSWORDS, sets.RESET, **_LONG),
    Task("open_restore", Role.RESTORE, restores.OPEN, timeout_seconds=45),
    Task("plan_restore", Role.RESTORE, restores.PLAN, **_LONG),
    Task("restore_part", Role.RESTORE, restores.RESTORE, **_LONG),
    Task("close_restore", Role.RESTORE, restores.CLOSE, **_LONG),
    Task("snapshot_configuration", Role.CONFIGURATION, configuration.SNAPSHOT, **_LONG),
    Task(
        "sweep_failures",
        Role.SWEEP,
        (*also_may.SWEEP, *past.SWEEP, may.publish_hints, may.see_replication),
        timeout_seconds=60,
    ),
)
"""Every task of the state machines and triggers. A new one is one entry."""


def tasks_with(*roles: Role) -> tuple[Task, ...]:
    """The tasks of these roles."""
    return tuple(task for task in TASKS if task.role in roles)
