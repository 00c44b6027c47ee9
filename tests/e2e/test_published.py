"""Both Regions of a running installation say which pool is active, to everybody who asks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import until
from tests.local.reading import get

pytestmark = pytest.mark.local_aws


def invoke(stage: RemoteStage, region: RegionOutputs) -> Any:
    """A run of the function, as a machine asks for it: again while the schedule's own run is at
    it, or has left its lease behind."""
    name = region.ledger_table.removesuffix("-ledger") + "-publish_active"

    def in_turn() -> Any:
        answer = stage.client("lambda", region.region).invoke(FunctionName=name, Payload=b"{}")
        told = json.loads(answer["Payload"].read())
        if told.get("errorType") == "LeaseHeldError":
            return None
        assert "FunctionError" not in answer, told
        return told

    return until("nobody else publishes", in_turn)


def published(stage: RemoteStage, region: RegionOutputs) -> Any:
    """The document. The schedule's first run may be minutes away."""
    invoke(stage, region)
    status, _, text = get(region.active_document)
    assert status == 200, text
    return json.loads(text)


def active_first(stage: RemoteStage) -> tuple[RegionOutputs, RegionOutputs]:
    """Other tests of this installation may have failed over."""
    both = (stage.outputs.primary, stage.outputs.backup)
    active = published(stage, both[0])["region"]
    first, second = both if both[0].region == active else both[::-1]
    return first, second


def test_both_regions_publish_the_same_pool_with_its_clients(stage: RemoteStage) -> None:
    both = (stage.outputs.primary, stage.outputs.backup)
    documents = [published(stage, each) for each in both]
    assert documents[0] == documents[1]
    active, _ = active_first(stage)
    assert documents[0] == {
        "version": 1,
        "epoch": documents[0]["epoch"],
        "region": active.region,
        "user_pool_id": active.user_pool_id,
        "clients": {"app": active.client_id},
    }
    for region in both:
        ssm = stage.client("ssm", region.region)
        text = ssm.get_parameter(Name=region.active_parameter)["Parameter"]["Value"]
        assert json.loads(text) == {**documents[0], "stood_down": ""}


def test_browsers_of_every_origin_may_read_it_and_ask_whether_it_changed(
    stage: RemoteStage,
) -> None:
    address = stage.outputs.backup.active_document
    published(stage, stage.outputs.backup)
    _, headers, _ = get(address)
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, max-age=30, stale-if-error=86400"
    assert headers["Content-Type"] == "application/json"
    status, again, body = get(address, If_None_Match=headers["ETag"])
    assert (status, body) == (304, "")
    assert again["ETag"] == headers["ETag"]
    assert get(address, If_None_Match='"another"')[0] == 200


def test_a_second_run_changes_nothing_and_what_was_lost_is_put_back(stage: RemoteStage) -> None:
    region = stage.outputs.primary
    before = published(stage, region)
    assert invoke(stage, region)["written"] == []
    file = {"Bucket": region.reconcile_bucket, "Key": "published/active.json"}

    def lost() -> Any:
        stage.client("s3", region.region).delete_object(**file)
        answer = get(region.active_document)
        return answer if answer[0] != 200 else None  # the schedule's own run was quicker

    status, headers, body = until("the document is gone", lost)
    assert (status, headers["Cache-Control"]) == (404, "no-store")
    assert "NoSuchKey" not in body
    invoke(stage, region)
    assert json.loads(get(region.active_document)[2]) == before


@pytest.mark.needs_local_aws
def test_it_is_published_from_a_region_that_alone_is_left(stage: RemoteStage) -> None:
    """Everything that a Region needs of the other one it has had since its deployment."""
    active, left = active_first(stage)
    file = {"Bucket": left.reconcile_bucket, "Key": "published/active.json"}
    published(stage, left)
    stage.client("s3", left.region).delete_object(**file)
    faults = RemoteFaults(stage.outputs.endpoint)
    dark = faults.add(Fault(FaultKind.DARK, region=active.region))
    try:
        invoke(stage, left)
        assert json.loads(get(left.active_document)[2])["user_pool_id"] == active.user_pool_id
    finally:
        faults.clear(dark)
