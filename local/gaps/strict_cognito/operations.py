"""Which rules an operation asks: the book's functions, with what the emulator holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from local.cognito_factors import blocked
from local.cognito_rules import (
    attributes,
    changes,
    codes,
    groups,
    passwords,
    registration,
    states,
)
from local.cognito_rules.people import Status, flags
from local.cognito_store import User
from local.gaps.confirmation_code import CODE
from local.gaps.strict_cognito.context import Context, Plan

Waiting = Mapping[str, str]
"""Contact -> the value that waits for the user's code."""
Operation = Callable[[Context, Waiting], Plan]


def _sign_up(context: Context, _: Waiting) -> Plan:
    if "Password" in context.call.params:
        passwords.check_password(context.settings.password_policy, context.text("Password"))
    given = registration.by_person(
        context.settings, context.app, context.username, context.attributes
    )
    marks = {name: value for name, value in given.items() if name in flags()}
    written = {name: value for name, value in given.items() if name not in flags()}
    after = _new(context, given, Status.UNCONFIRMED)
    return Plan(context.writing(written), after, marks=marks)


def _admin_create(context: Context, _: Waiting) -> Plan:
    if context.text("MessageAction") == "RESEND":
        return Plan(context.call)
    if "TemporaryPassword" in context.call.params:
        password = context.text("TemporaryPassword")
        passwords.check_password(context.settings.password_policy, password)
    given = registration.by_administrator(context.settings, context.username, context.attributes)
    after = _new(context, given, Status.FORCE_CHANGE_PASSWORD)
    return Plan(context.writing(given), after, _forced(context))


def _confirm(context: Context, _: Waiting) -> Plan:
    user = context.user
    if user is None or context.text("ConfirmationCode") != CODE:
        return Plan(context.call)
    contact = codes.sign_up_contact(context.settings, user.attributes)
    after = replace(user, attributes=changes.proved(user.attributes, contact))
    return Plan(context.call, after, _forced(context))


def _update(context: Context, _: Waiting) -> Plan:
    user = context.user
    if user is None:
        return Plan(context.call)
    attributes.check_update(context.settings, user.attributes, context.attributes)
    update = changes.updated(context.settings, user.attributes, context.attributes)
    written = {
        name: value
        for name, value in update.attributes.items()
        if user.attributes.get(name) != value
    }
    gone = tuple(name for name in user.attributes if name not in update.attributes)
    after = replace(user, attributes=update.attributes)
    return Plan(context.writing(written), after, waiting=update.waiting, gone=gone)


def _own_update(context: Context, waiting: Waiting) -> Plan:
    attributes.check_sizes(context.attributes)
    attributes.check_client(context.settings, context.app, context.attributes)
    return _update(context, waiting)


def _own_deletion(context: Context, _: Waiting) -> Plan:
    names = [str(name) for name in context.call.params.get("UserAttributeNames") or ()]
    attributes.check_client(context.settings, context.app, names)
    return Plan(context.call)


def _verify(context: Context, waiting: Waiting) -> Plan:
    user, contact = context.user, context.text("AttributeName")
    if user is None or context.text("Code") != CODE:
        return Plan(context.call)
    value = waiting.get(contact, "")
    after = replace(user, attributes=changes.proved(user.attributes, contact, value))
    return Plan(context.call, after)


def _reset(context: Context, _: Waiting) -> Plan:
    if context.user is not None:
        seconds = blocked(context.pool, context.user)
        states.check_recovery(context.settings, context.user, seconds)
    return Plan(context.call)


def _password(context: Context, _: Waiting) -> Plan:
    answers = context.call.params.get("ChallengeResponses") or {}
    given = context.text("Password") or context.text("ProposedPassword")
    given = given or str(answers.get("NEW_PASSWORD") or "")
    if given:
        passwords.check_password(context.settings.password_policy, given)
    return Plan(context.call)


def _group(context: Context, _: Waiting) -> Plan:
    precedence = context.call.params.get("Precedence")
    groups.check_group(context.text("GroupName"), context.text("Description"), precedence)
    if context.call.operation == "CreateGroup":
        groups.check_new(context.text("GroupName"), context.pool.raw["_groups"])
    return Plan(context.call)


def _join(context: Context, _: Waiting) -> Plan:
    if context.user is not None:
        held = context.pool.raw["_users"][context.user.username].get("_groups") or ()
        groups.check_membership(context.text("GroupName"), held)
    return Plan(context.call)


def _new(context: Context, given: Mapping[str, str], status: Status) -> User:
    """Whoever is about to be made; where addresses are usernames, their username is to come."""
    username = "" if context.settings.username_attributes else context.username
    return User(username, given, status, enabled=True)


def _forced(context: Context) -> bool:
    return context.call.params.get("ForceAliasCreation") is True


OPERATIONS: Mapping[str, Operation] = {
    "SignUp": _sign_up,
    "AdminCreateUser": _admin_create,
    "ConfirmSignUp": _confirm,
    "AdminUpdateUserAttributes": _update,
    "UpdateUserAttributes": _own_update,
    "DeleteUserAttributes": _own_deletion,
    "VerifyUserAttribute": _verify,
    "ForgotPassword": _reset,
    "AdminResetUserPassword": _reset,
    "AdminSetUserPassword": _password,
    "ConfirmForgotPassword": _password,
    "ChangePassword": _password,
    "RespondToAuthChallenge": _password,
    "AdminRespondToAuthChallenge": _password,
    "CreateGroup": _group,
    "UpdateGroup": _group,
    "AdminAddUserToGroup": _join,
}
"""What is not here passes."""
