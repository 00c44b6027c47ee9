"""Which calls send a mail by Cognito's own sender."""

from typing import Any

import pytest

from local.cognito_store import Pool, User
from local.protocol import Call
from local.quotas import mail

_MAIL = {"Name": "email", "Value": "ann@example.org"}
_ANN = User(
    "ann", {"sub": "1", "email": "a@example.org", "email_verified": "true"}, "CONFIRMED", True
)


def pool(**settings: Any) -> Pool:
    return Pool("p", "1", "us-east-1", {"AutoVerifiedAttributes": ["email"], **settings})


@pytest.mark.parametrize(
    ("operation", "params", "sends"),
    [
        ("SignUp", {"UserAttributes": [_MAIL]}, True),
        ("SignUp", {"UserAttributes": []}, False),
        ("ResendConfirmationCode", {}, True),
        ("ForgotPassword", {}, True),
        ("AdminResetUserPassword", {}, True),
        ("AdminCreateUser", {"UserAttributes": [_MAIL], "DesiredDeliveryMediums": ["EMAIL"]}, True),
        ("AdminCreateUser", {"UserAttributes": [_MAIL]}, False),
        (
            "AdminCreateUser",
            {
                "UserAttributes": [_MAIL],
                "DesiredDeliveryMediums": ["EMAIL"],
                "MessageAction": "SUPPRESS",
            },
            False,
        ),
        ("UpdateUserAttributes", {"UserAttributes": [_MAIL]}, True),
        ("AdminUpdateUserAttributes", {"UserAttributes": [_MAIL]}, True),
        (
            "AdminUpdateUserAttributes",
            {"UserAttributes": [_MAIL, {"Name": "email_verified", "Value": "true"}]},
            False,
        ),
        (
            "UpdateUserAttributes",
            {"UserAttributes": [{"Name": "email", "Value": "a@example.org"}]},
            False,
        ),
        ("UpdateUserAttributes", {"UserAttributes": [{"Name": "name", "Value": "Ann"}]}, False),
        ("GetUserAttributeVerificationCode", {"AttributeName": "email"}, True),
        ("InitiateAuth", {"AuthParameters": {"PREFERRED_CHALLENGE": "EMAIL_OTP"}}, True),
        ("InitiateAuth", {"AuthParameters": {"PASSWORD": "x"}}, False),
        ("RespondToAuthChallenge", {"ChallengeResponses": {"ANSWER": "EMAIL_OTP"}}, True),
        ("ConfirmSignUp", {}, False),
        ("AdminSetUserPassword", {}, False),
    ],
)
def test_calls_that_send(operation: str, params: dict[str, Any], sends: bool) -> None:
    assert mail.sends_mail(Call(operation, params), pool(), _ANN) is sends


def test_a_code_goes_to_the_phone_first() -> None:
    both = pool(AutoVerifiedAttributes=["email", "phone_number"])
    phone = {"Name": "phone_number", "Value": "+15550100"}
    assert not mail.sends_mail(Call("SignUp", {"UserAttributes": [_MAIL, phone]}), both, None)
    known = User(
        "b", {**_ANN.attributes, "phone_number": "+1", "phone_number_verified": "true"}, "", True
    )
    assert not mail.sends_mail(Call("ForgotPassword", {}), both, known)


def test_a_username_that_is_an_address_is_written_to() -> None:
    by_address = pool(UsernameAttributes=["email", "phone_number"])
    asked = {"Username": "ann@example.org", "DesiredDeliveryMediums": ["EMAIL"]}
    assert mail.sends_mail(Call("SignUp", asked), by_address, None)
    assert mail.sends_mail(Call("AdminCreateUser", asked), by_address, None)
    assert not mail.sends_mail(Call("SignUp", {"Username": "+15550100"}), by_address, None)
    assert not mail.sends_mail(Call("SignUp", asked), pool(), None), "here it is a mere name"


@pytest.mark.parametrize(
    ("held", "asked", "sends"),
    [
        (_ANN, {}, True),
        (_ANN, {"DesiredDeliveryMediums": ["SMS"]}, False),
        (
            User("b", {"sub": "2"}, "FORCE_CHANGE_PASSWORD", True),
            {"UserAttributes": [_MAIL]},
            False,
        ),
        (None, {"UserAttributes": [_MAIL]}, False),
    ],
)
def test_an_invitation_is_sent_again_to_the_address_that_is_held(
    held: User | None, asked: dict[str, Any], sends: bool
) -> None:
    again = {"MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"], **asked}
    assert mail.sends_mail(Call("AdminCreateUser", again), pool(), held) is sends


def test_the_customers_own_sender_is_not_limited() -> None:
    assert mail.own_sender(pool())
    assert mail.own_sender(pool(EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT"}))
    assert not mail.own_sender(pool(EmailConfiguration={"EmailSendingAccount": "DEVELOPER"}))
