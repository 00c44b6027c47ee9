"""A configuration as a document: one form, read back by this release, not by an older one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.configuration.domain.canonical import canonical
from cognito_standby.configuration.domain.document import (
    NewerDocumentError,
    Section,
    Unread,
    WhyUnread,
    digest_of,
    document_from,
    plain_of,
    text_of,
)
from cognito_standby.configuration.domain.secret_fields import (
    HIDDEN,
    client_without_secret,
    provider_without_secrets,
)
from cognito_standby.core.domain.errors import InvalidRecordError
from tests.unit.configuration.documents import document

DENIED = Unread(
    Section.RISK, "", "DescribeRiskConfiguration", WhyUnread.DENIED, "AccessDeniedException"
)


def test_it_is_read_back_as_it_was_written() -> None:
    written = document(DENIED, groups={"admins": {"Precedence": 0}}, tags={"a": {"Value": "ä"}})
    again = document_from(json.loads(text_of(written)))
    assert again == written
    assert all(isinstance(name, Section) for name in again.sections)
    assert text_of(again) == text_of(written)


def test_when_it_was_read_is_not_what_it_says() -> None:
    one = document()
    assert digest_of(replace(one, read_at="2027-01-01T00:00:00+00:00")) == digest_of(one)
    assert digest_of(document(DENIED)) != digest_of(one)


def test_a_newer_one_is_refused_by_its_version_and_by_a_section() -> None:
    plain = plain_of(document())
    with pytest.raises(NewerDocumentError, match="schema version 2"):
        document_from({**plain, "schema_version": 2})
    with pytest.raises(NewerDocumentError, match="passports"):
        document_from({**plain, "sections": {**plain["sections"], "passports": {}}})


@pytest.mark.parametrize("wrong", [[], {}, {"schema_version": True}, {"schema_version": 1}])
def test_what_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidRecordError):
        document_from(wrong)


def test_what_is_not_set_has_one_form() -> None:
    told: dict[str, Any] = {"A": None, "B": "", "C": [], "D": {"E": None}, "F": False, "G": 0}
    assert canonical(told) == {"F": False, "G": 0}


def test_lists_that_are_sets_are_sorted_and_others_are_not() -> None:
    told = canonical(
        {
            "CallbackURLs": ["https://b", "https://a"],
            "Scopes": [{"ScopeName": "write"}, {"ScopeName": "read"}],
            "Ordered": ["b", "a"],
        }
    )
    assert told["CallbackURLs"] == ["https://a", "https://b"]
    assert [each["ScopeName"] for each in told["Scopes"]] == ["read", "write"]
    assert told["Ordered"] == ["b", "a"]


def test_times_ids_and_the_pool_s_own_id_are_left_out_of_an_item_alone() -> None:
    told = canonical({"LastModifiedDate": datetime.now(UTC), "UserPoolId": "x", "Name": "n"})
    assert told == {"Name": "n"}
    assert canonical({"Map": {"UserPoolId": "kept"}}) == {"Map": {"UserPoolId": "kept"}}


def test_managed_login_s_settings_are_kept_as_they_are() -> None:
    settings = {"text": "", "list": [2, 1], "none": None}
    assert canonical({"Settings": settings}) == {"Settings": settings}


def test_no_secret_is_in_it() -> None:
    provider = provider_without_secrets(
        {"ProviderDetails": {"client_id": "id", "client_secret": "hush", "private_key": "hush"}}
    )
    assert provider["ProviderDetails"] == {
        "client_id": "id",
        "client_secret": HIDDEN,
        "private_key": HIDDEN,
    }
    assert client_without_secret({"ClientName": "n", "ClientSecret": "hush"}) == {
        "ClientName": "n",
        "HasSecret": True,
    }
    managed = client_without_secret({"ClientName": "n", "ClientSecretArn": "arn:secret"})
    assert managed == {"ClientName": "n", "HasSecret": True, "SecretManaged": True}
    assert client_without_secret({"ClientName": "n"}) == {"ClientName": "n", "HasSecret": False}
