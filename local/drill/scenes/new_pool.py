"""A pool that somebody deleted is made anew, empty, and is filled on demand from then on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from botocore.exceptions import ClientError

from cognito_standby.replication.domain.canary import NAME as CANARY
from local.demo.people import PASSWORD
from local.drill.scene import Claim
from local.drill.world import World
from local.outputs import RegionOutputs

_LOOKS = "sweep_failures"
"""The machine that keeps the pool's configuration, once a day and after each deployment."""


def there(world: World) -> dict[str, str]:
    """Origin sub -> username of whom the active pool shows, but for the canary."""
    users = world.users(world.home).items()
    return {sub: user.username for sub, user in users if user.username != CANARY}


def lost(world: World) -> Iterator[Claim]:
    """The configuration is kept, as every day; then somebody deletes the pool."""
    home = world.home
    _run(world, home, _LOOKS)
    cognito = world.stage.client("cognito-idp", home.region)
    cognito.update_user_pool(UserPoolId=home.user_pool_id, DeletionProtection="INACTIVE")
    cognito.delete_user_pool(UserPoolId=home.user_pool_id)
    world.timeline.mark(world.clock(), home.region, "somebody deletes the active pool")
    try:
        world.crowd(home).sign_in(world.first[0], PASSWORD)
        told = "let in"
    except ClientError as error:
        told = error.response["Error"]["Code"]
    yield Claim("the pool is gone, and nobody gets in", told == "ResourceNotFoundException", told)


def _run(world: World, region: RegionOutputs, machine: str) -> None:
    """A run of a machine, as its schedule begins it, to its end."""
    client = world.stage.client("stepfunctions", region.region)
    run = client.start_execution(stateMachineArn=region.state_machines[machine])["executionArn"]

    def ended() -> bool:
        return bool(client.describe_execution(executionArn=run)["status"] != "RUNNING")

    world.until(f"{machine} has run", ended)


def made_anew(world: World) -> Iterator[Claim]:
    """As the runbook of a lost pool has it, with `on_demand` in the changed configuration."""
    home, away = world.home, world.away
    told = world.operator.json("config", "restore", "--region", home.region, "--yes")
    new, client = told["user_pool_id"], told["clients"][home.client_id]
    world.timeline.mark(world.clock(), home.region, "the pool is made anew, empty")
    yield Claim(
        "a new pool is made from the kept configuration",
        not told["failed"] and not told["differences"],
        f"{new}; not made: {len(told['failed'])}, otherwise than it was: "
        f"{len(told['differences'])}",
    )
    world.say(
        "the operator names both pools in the configuration, with on_demand, and deploys; the "
        f"pool of {away.region} leaves its stack, and its deletion protection keeps it"
    )
    stacks = world.redeploy(
        {
            "pools": {
                "primary_user_pool_id": new,
                "primary_client_id": client,
                "backup_user_pool_id": away.user_pool_id,
                "backup_client_id": away.client_id,
            },
            "triggers": {"fence": "on"},
            "on_demand": {"primary": True},
        }
    )
    _attach(world, new, next(o for o in stacks.values() if o.get("UserPoolId") == new))
    world.operator.run("accept-pool", "--region", home.region, "--yes")
    world.timeline.mark(world.clock(), home.region, "deployed: the pool is filled on demand")
    world.until("apps are told the new pool", lambda: _published(world) == new)
    found = there(world)
    yield Claim(
        "apps are told the new pool, and it is empty",
        world.home.user_pool_id == new and not found,
        f"published: {new}; users in it: {len(found)}",
    )


def _published(world: World) -> str:
    """The pool that apps are told, after a run of what publishes it."""
    _run(world, world.home, "publish_active")
    return str(world.document(world.home)["user_pool_id"])


def _attach(world: World, pool: str, outputs: Mapping[str, str]) -> None:
    """What `aws cognito-idp update-user-pool` does: all that is not given would be reset."""
    cognito = world.stage.client("cognito-idp", world.home.region)
    told = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    known = cognito.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    same = {name: value for name, value in told.items() if name in known and value != ""}
    triggers = {**told["LambdaConfig"], "UserMigration": outputs["UserMigrationArn"]}
    cognito.update_user_pool(**{**same, "UserPoolId": pool, "LambdaConfig": triggers})
