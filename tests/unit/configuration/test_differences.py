"""How two configurations differ."""

from __future__ import annotations

from cognito_standby.configuration.domain.differences import Difference, Kind, differences
from cognito_standby.configuration.domain.document import Section, Unread, WhyUnread
from tests.unit.configuration.documents import OTHER_ID, document


def unread(section: Section, why: WhyUnread, item: str = "") -> Unread:
    return Unread(section, item, "Describe", why, "SomeException")


def places(found: tuple[Difference, ...]) -> dict[str, Kind]:
    return {each.place: each.kind for each in found}


def test_equal_ones_do_not_differ_though_they_are_of_other_pools() -> None:
    assert not differences(document(), document(user_pool_id=OTHER_ID))


def test_each_field_is_told_with_both_values() -> None:
    left = document(pool={"pool": {"Name": "a", "Policies": {"PasswordPolicy": {"Min": 8}}}})
    right = document(pool={"pool": {"Name": "a", "Policies": {"PasswordPolicy": {"Min": 9}}}})
    (told,) = differences(left, right)
    assert told == Difference(
        Section.POOL, "pool", "Policies.PasswordPolicy.Min", 8, 9, Kind.CHANGED
    )


def test_what_one_side_alone_has_is_told_as_item_or_as_field() -> None:
    left = document(groups={"a": {"Precedence": 1}, "b": {"Precedence": 1}})
    right = document(groups={"b": {"Precedence": 1, "RoleArn": "r"}, "c": {}})
    assert places(differences(left, right)) == {
        "groups/a": Kind.ONLY_LEFT,
        "groups/b/RoleArn": Kind.ONLY_RIGHT,
        "groups/c": Kind.ONLY_RIGHT,
    }


def test_true_and_one_differ() -> None:
    left, right = document(mfa={"pool": {"On": True}}), document(mfa={"pool": {"On": 1}})
    assert places(differences(left, right)) == {"mfa/pool/On": Kind.CHANGED}


def test_clients_are_the_same_one_by_name_and_take_along_what_is_theirs() -> None:
    left = document(
        clients={"1l": {"ClientName": "app"}},
        branding={"1l": {"UseCognitoProvidedValues": True}},
        terms={"1l/use": {"Enforcement": "NONE"}},
        client_metadata={"agents": {"ClientId": "1l"}},
    )
    right = document(
        clients={"9r": {"ClientName": "app"}},
        branding={"9r": {"UseCognitoProvidedValues": True}},
        terms={"9r/use": {"Enforcement": "NONE"}},
        client_metadata={"agents": {"ClientId": "9r"}},
    )
    assert not differences(left, right)


def test_clients_of_the_same_id_are_the_same_one_under_another_name() -> None:
    left = document(clients={"1": {"ClientName": "app"}, "2": {"ClientName": "web"}})
    right = document(clients={"1": {"ClientName": "web"}, "2": {"ClientName": "web"}})
    assert places(differences(left, right)) == {"clients/1/ClientName": Kind.CHANGED}


def test_clients_of_one_name_are_not_guessed_at() -> None:
    left = document(clients={"1": {"ClientName": "app"}, "2": {"ClientName": "app"}})
    right = document(clients={"3": {"ClientName": "app"}})
    assert places(differences(left, right)) == {
        "clients/1": Kind.ONLY_LEFT,
        "clients/2": Kind.ONLY_LEFT,
        "clients/3": Kind.ONLY_RIGHT,
    }


def test_what_could_not_be_read_on_one_side_is_not_known() -> None:
    left = document(unread(Section.RISK, WhyUnread.DENIED))
    right = document(risk={"pool": {"Actions": 1}})
    (told,) = differences(left, right)
    assert (told.place, told.kind, told.right) == ("risk", Kind.UNKNOWN, None)
    assert told.left == "not read: denied (Describe: SomeException)"


def test_one_item_that_could_not_be_read_hides_that_item_alone() -> None:
    left = document(unread(Section.GROUPS, WhyUnread.FAILED, "a"), groups={"b": {}})
    right = document(groups={"a": {}, "b": {"Precedence": 1}})
    assert places(differences(left, right)) == {
        "groups/a": Kind.UNKNOWN,
        "groups/b/Precedence": Kind.ONLY_RIGHT,
    }


def test_what_neither_plan_has_is_no_difference() -> None:
    one = document(unread(Section.RISK, WhyUnread.UNSUPPORTED))
    assert not differences(one, one)
    denied = document(unread(Section.RISK, WhyUnread.DENIED))
    assert places(differences(one, denied)) == {"risk": Kind.UNKNOWN}
