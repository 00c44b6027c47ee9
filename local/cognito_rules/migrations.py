"""The migrate-user trigger: when it is asked, and the user that its answer makes. Pure.

Guide, "Migrate user Lambda trigger" and "Importing users with a user migration Lambda trigger":

* It is asked at a sign-in that hands over a password, and at ForgotPassword, about a name that
  nobody has; not for SRP, one-time codes and passkeys.
* The user is CONFIRMED only if the answer says so, else RESET_REQUIRED. The password need not meet
  the policy. Required attributes may be lacking; the "default values" that Cognito then takes are
  not told, so here they stay away.
* If the name is an alias of the user's, the answer gives a username of its own, and the name as
  that attribute. An alias that somebody else has makes an error, unless `forceAliasCreation`.
* `enableSMSMFA` needs a pool with MFA and a user with a number, or nobody is made.

Other sources:

* An empty answer is as if there were no trigger (guide, "Managing user existence error responses").
* PreSignUp and CustomMessage fire for the new user, PostConfirmation does not (API, InitiateAuth,
  ClientMetadata: the list of triggers; foxy.io, "Using migration and pre-signup triggers").
* The function raises: UserLambdaValidationException, "UserMigration failed with error ..." (texts
  that public apps look for).
* It gives no event back, or cannot be invoked: UserNotFoundException, even to a client that hides
  who exists (re:Post, "Cognito PreventUserExistenceErrors setting with UserMigration Lambda" and
  "cognito-migration-lambda-trigger-errors").
* Attributes that the pool refuses: its InvalidParameterException (Stack Overflow 71560661).

Readings of ours: PreSignUp's source is PreSignUp_AdminCreateUser; a name or alias that is taken, a
function that is late, and MFA that cannot be turned on are told as "Exception migrating user".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.cognito_rules.factors import Mfa, PoolFactors, Second, UserFactors
from local.cognito_rules.names import fold, is_email, is_phone
from local.cognito_rules.people import Status
from local.cognito_rules.pools import PoolSettings
from local.cognito_rules.refusals import CognitoError

TRIGGER = "UserMigration"
SIGN_IN, FORGOT = "UserMigration_Authentication", "UserMigration_ForgotPassword"
FLOWS = frozenset({"USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"})
"""AuthFlow of the sign-ins that hand the password over."""
RESPONSE: Mapping[str, None] = dict.fromkeys(
    (
        *("userAttributes", "finalUserStatus", "messageAction", "desiredDeliveryMediums"),
        *("forceAliasCreation", "enableSMSMFA"),
    )
)
"""What the function may fill in."""
_PASSED_ON = frozenset(
    {"InvalidParameterException", "UserLambdaValidationException", "InvalidPasswordException"}
)


@dataclass(frozen=True)
class Migrated:
    """The user that an answer makes.

    username    what AdminCreateUser would be given: where addresses are usernames, the address
    attributes  without `sub`; the pool's rules have not looked at them yet
    mediums     where the welcome goes; SMS where the answer does not say
    forced      an alias moves from its holder
    sms_mfa     the user's SMS factor is turned on
    """

    username: str
    attributes: Mapping[str, str]
    status: Status
    welcome: bool = True
    mediums: tuple[str, ...] = ("SMS",)
    forced: bool = False
    sms_mfa: bool = False


def hands_over(client_flows: tuple[str, ...], flow: str) -> bool:
    """Whether a sign-in brings a password, and its app client allows the flow (re:Post: "flow not
    enabled for this client" comes before the trigger). A client without a list allows it here."""
    allowed = not any(each.startswith("ALLOW_") for each in client_flows)
    names = {"ADMIN_NO_SRP_AUTH": "ADMIN_USER_PASSWORD_AUTH"}
    return flow in FLOWS and (allowed or f"ALLOW_{names.get(flow, flow)}" in client_flows)


def migrated(pool: PoolSettings, name: str, response: Mapping[str, Any]) -> Migrated | None:
    """Whom an answer makes; None: it is empty. CognitoError: it makes nobody (`could_not`)."""
    given = response.get("userAttributes")
    if not given:
        return None
    if not isinstance(given, Mapping) or not all(isinstance(v, str) for v in given.values()):
        raise unusable()
    attributes = {str(key): value for key, value in given.items() if key != "username"}
    confirmed = response.get("finalUserStatus") == Status.CONFIRMED
    return Migrated(
        username=_username(pool, name, str(given.get("username") or ""), attributes),
        attributes=attributes,
        status=Status.CONFIRMED if confirmed else Status.RESET_REQUIRED,
        welcome=response.get("messageAction") != "SUPPRESS",
        mediums=tuple(response.get("desiredDeliveryMediums") or Migrated.mediums),
        forced=response.get("forceAliasCreation") is True,
        sms_mfa=response.get("enableSMSMFA") is True,
    )


def second_factors(pool: PoolFactors, user: Migrated) -> UserFactors:
    """Those of a new user. `unusable`: SMS is wanted, and the pool or the user cannot."""
    if not user.sms_mfa:
        return UserFactors()
    if pool.mfa is Mfa.OFF or not user.attributes.get("phone_number"):
        raise unusable()
    return UserFactors(enabled=frozenset({Second.SMS}), preferred=Second.SMS)


def unusable() -> CognitoError:
    """The answer makes nobody; a caller is told `could_not`."""
    return CognitoError("InvalidLambdaResponseException", "Unrecognizable lambda output")


def could_not(client_id: str, why: CognitoError) -> CognitoError:
    """What the caller is told when nobody was made. Not that somebody exists, whatever the reason:
    `reveals` would turn it into a code on its way, which Cognito does not send here."""
    if why.code in _PASSED_ON:
        return why
    text = f"Exception migrating user in app client {client_id}"
    return CognitoError("UserNotFoundException", text)


def _username(pool: PoolSettings, name: str, given: str, attributes: Mapping[str, str]) -> str:
    """The same page, "username": an own value only where the name is an alias of the user's.

    An e-mail address without an own value meets the rule of usernames: it is refused as one.
    """
    if not given or given == name:
        return name
    for kind in pool.alias_attributes if not pool.username_attributes else ():
        formed = {"email": is_email, "phone_number": is_phone}.get(kind, _any)
        value = attributes.get(kind, "")
        if formed(name) and value and fold(pool, kind, value) == fold(pool, kind, name):
            return given
    raise unusable()


def _any(_: str) -> bool:
    return True
