"""What happened to some invented people, so that every kind of item is there."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from tests.former import today
from tests.former.administrator import RUN, Administrator, broken
from tests.former.world import TABLE_ID, Reconciling, Region, World


class Story:
    """What happens to some invented people, so that every kind of item is there."""

    def __init__(self, world: World) -> None:
        self.world, self.runs = world, 0
        self.here, self.there = world.regions
        self.subs: dict[str, str] = {}

    def tell(self) -> None:
        """Everything, in order."""
        self._stacks()
        self._failover_and_back()
        self._groups()
        self._people()
        self._deletions()
        self._housekeeping()
        self._changes()
        self._unfinished()
        self._conflicts()
        self._notes()

    def carry(self, key: str, *, local: str = "") -> None:
        """A change of the primary's pool, through both Regions."""
        hint = {"local_sub": local, "cause": "AdminUpdateUserAttributes"} if local else {}
        self.here.run(hint or {"origin_sub": key, "cause": "told"}, self._holder())
        self.there.sync(key, self._holder())

    def _holder(self) -> str:
        self.runs += 1
        return f"{RUN}:{self.runs}#0"

    def sign_up(self, name: str, /, **attributes: str) -> str:
        """A confirmed person in both Regions; the origin sub."""
        told = {"email": f"{name}@example.org", "email_verified": "true", **attributes}
        pool = self.here.pool
        sub = pool.admin_create_user(name, told, suppress=True).sub
        pool.admin_set_user_password(name, "Aa1!aaaaaa", permanent=True)
        self.subs[name] = sub
        self.carry(sub, local=sub)
        return sub

    def change_here(self, name: str, /, **attributes: str) -> None:
        """Their attributes, and the way to the standby."""
        self.here.pool.admin_update_user_attributes(name, attributes)
        self.carry(self.subs[name], local=self.subs[name])

    def _stacks(self) -> None:
        for side in self.world.regions:
            address = f"https://{side.region}.example.com/v1"
            key = {"origin_sub": "#address", "region": side.region}
            self.world.tables.put("records", {**key, "address": address})
        for side in self.world.regions:
            side.register.pool_of_record(side.pool.config.pool_id)
            side.ledger.note_table("", TABLE_ID)
            side.ledger.note_reconciled(frozenset({"recovery-1", "recovery-2"}))

    def _failover_and_back(self) -> None:
        """Max signs up while the backup is active, so its own record is the winner for good."""
        self.there.context.records.put_claim(2)
        told = {"email": "max@example.org", "email_verified": "true"}
        sub = self.subs["max"] = self.there.pool.admin_create_user("max", told, suppress=True).sub
        self.there.pool.admin_set_user_password("max", "Aa1!aaaaaa", permanent=True)
        self.there.run({"local_sub": sub, "cause": "AdminCreateUser"}, self._holder())
        self.here.sync(sub, self._holder())
        self.here.context.records.put_claim(3)
        self.there.sync(sub, self._holder())

    def _groups(self) -> None:
        groups = (("staff", "who works here", 3), ("guests", "", None), ("crew", "", 1))
        for name, description, precedence in groups:
            self.here.pool.create_group(today.PoolGroup(name, description, precedence))
            self.carry(f"#group#{name}")
        self.here.pool.delete_group("crew")
        self.carry("#group#crew")

    def _people(self) -> None:
        self.sign_up("ann", name="Ann Österreich 🌻", **{"custom:plan": "gold"})
        self.here.pool.admin_add_user_to_group("ann", "staff")
        self.change_here("ann", nickname="Annie")
        self.sign_up("ben", phone_number="+15550100123", phone_number_verified="false")
        self.here.pool.admin_disable_user("ben")
        self.carry(self.subs["ben"])
        self.sign_up("nina", **{"custom:badge": "blue"})
        self.here.pool.sign_up("lea", "Aa1!aaaaaa", {"email": "lea@example.org"})
        self.subs["lea"] = self.here.pool.admin_get_user("lea").sub
        self.here.sync(self.subs["lea"], self._holder())

    def _deletions(self) -> None:
        for name in ("dan", "eli"):
            self.sign_up(name)
            self.here.pool.admin_delete_user(name)
            self.carry(self.subs[name])

    def _housekeeping(self) -> None:
        """After the retention time both tombstones are retired; who is deleted then is kept."""
        self.world.clock.advance(timedelta(days=40).total_seconds())
        for side in (self.there, self.here):
            runs = Reconciling(side)
            today.finish(runs, today.judged(runs))
            end(side)
        self.sign_up("cyd")
        self.here.pool.admin_delete_user("cyd")
        self.carry(self.subs["cyd"])
        self.world.clock.advance(timedelta(days=1).total_seconds())

    def _changes(self) -> None:
        admin = Administrator(self.here)
        admin.make(
            "create",
            username="zoe",
            attributes={"email": "zoe@example.org"},
            verified={"email": True},
            groups=("staff",),
        )
        admin.make(
            "update",
            username="ann",
            attributes={"nickname": None, "name": "Ann A."},
            join=("guests",),
            leave=("staff",),
            enabled=True,
        )
        self.sign_up("eve")
        admin.make("erase", username="eve")
        self.sign_up("fay")
        admin.make("delete", username="fay")
        self.here.erasures.add(today.Subject.user(self.subs["nina"]), "an-erasure")
        self.here.erasures.take_back(today.Subject.user(self.subs["nina"]), "an-erasure")
        admin.make("update", username="ben", join=("nowhere",))
        admin.undone("update", username="ben", attributes={"name": "Ben B."})
        admin.given_up("update", username="ben", attributes={"name": "Benny"})
        for sub in (*self.subs.values(), *admin.subjects):
            self.there.sync(sub, self._holder())
        admin.half_way("update", username="nina", attributes={"custom:plan": "silver"})
        admin.ask("delete", origin_sub=self.subs["nina"], if_match="0f0f0f")

    def _unfinished(self) -> None:
        ledger = self.there.ledger
        self.sign_up("gil")
        self.here.pool.admin_update_user_attributes("gil", {"given_name": "Gil"})
        self.here.sync(self.subs["gil"], self._holder())
        self._dies("gil", "set_attributes")
        self._dies_creating("hal")
        for name in ("ida", "max"):
            if name not in self.subs:
                self.sign_up(name)
            self.there.pool.admin_update_user_attributes(name, {"nickname": "undo me"})
            self._dies(name, "delete_attributes")
        self.world.clock.advance(600)
        for name, state in (("jim", "failed"), ("kim", "quarantined")):
            subject = today.Subject.user(self.sign_up(name))
            ledger.take_lease(subject, f"{RUN}:{name}#1")
            ledger.note_state(subject, f"{RUN}:{name}#1", today.SyncState(state), "RefusedByPool")
        ledger.take_lease(today.Subject.user(self.sign_up("mia")), f"{RUN}:mia#2")

    def _dies(self, name: str, method: str) -> None:
        """The standby's execution ends after the intent, before the write."""
        sub, directory = self.subs[name], self.there.context.directory
        with broken(directory, method, RuntimeError), suppress(RuntimeError):
            self.there.sync(sub, self._holder())

    def _dies_creating(self, name: str) -> None:
        pool = self.here.pool
        told = {"email": f"{name}@example.org", "email_verified": "true"}
        sub = self.subs[name] = pool.admin_create_user(name, told, suppress=True).sub
        pool.admin_set_user_password(name, "Aa1!aaaaaa", permanent=True)
        self.here.sync(sub, self._holder())
        self._dies(name, "create_user")

    def _conflicts(self) -> None:
        """One of each kind and weight; the undone one of Ida's is there already."""
        told: tuple[tuple[str, str, dict[str, str]], ...] = (
            ("ann", "undone", {"present": ""}),
            ("ben", "overridden", {"attr:nickname": "Benjamin", "group:staff": ""}),
            ("nina", "merged", {"attr:nickname": "Nin"}),
            ("gil", "overridden", {"enabled": "false"}),
        )
        for name, kind, fields in told:
            subject = today.Subject.user(self.subs[name])
            conflict = today.Conflict(subject, today.ConflictKind(kind), fields)
            self.there.ledger.note_conflict(conflict)

    def _notes(self) -> None:
        now = self.world.clock.now()
        for stage in today.MarkerStage:
            key = today.marker_key(f"{RUN}:failed-{stage.value}", 1)
            marker = today.Marker(f"{RUN}:owner", today.MarkerStage.SENDING, now.timestamp())
            self.there.notes.claim(key, None, marker)
            self.there.notes.advance(key, stage)
        self.there.notes.keep_cursor("arn:aws:states:machine#FAILED", "token-1")
        self.there.notes.first_in(self.subs["gil"], 21_600)
        for side in self.world.regions:
            run = today.Run(
                "run-that-asks",
                f"arn:aws:states:{side.region}:111111111111:execution:standby-reconcile:asks",
                side.region,
                side.pool.config.pool_id,
                now.isoformat(),
                today.Mode.DRY_RUN if side is self.here else today.Mode.REPAIR,
                ("0a", "ff") if side is self.here else (),
                side is self.there,
                side is self.here,
            )
            side.register.open(run)
            later = now + timedelta(hours=24)
            reasons = ("9 users would be deleted", "a role moved")
            side.register.ask(today.Question(run, reasons, "an invented token", now, later))


def end(side: Region) -> None:
    """No run holds the pool any more."""
    run = side.register.current()
    assert run is not None
    side.register.close(run)


def meddle(side: Region) -> None:
    """What nobody should do in a pool that stands by."""
    pool = side.pool
    pool.admin_update_user_attributes("ann", {"nickname": "changed here"})
    pool.admin_add_user_to_group("nina", "staff")
    pool.admin_enable_user("ben")
    pool.admin_delete_user("zoe")
    pool.update_group(today.PoolGroup("staff", "changed here", 3))
    pool.admin_create_user("nobody", {"email": "nobody@example.org"}, suppress=True)
