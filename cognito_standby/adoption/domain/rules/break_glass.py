"""Whether somebody can fail over with us-east-1, the other Region and Identity Center dark.

The role `<installation>-dr-<Region>` is assumed by the Region's own STS. Who signs in by Identity
Center, or assumes a role by way of another, may be locked out on that day (docs/runbooks/
failover.md): an IAM user with an access key needs nothing but that STS.
"""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side, Unread, User
from cognito_standby.adoption.domain.telling import by, listed

NO_ROLE = Matter(
    *("failover-role-missing", Severity.BLOCKS),
    "the role that fails over does not exist",
    "Nobody but an administrator can fail over to this Region.",
)
NO_USER = Matter(
    *("break-glass-missing", Severity.LOSES),
    "no IAM user may assume the role that fails over",
    "With IAM Identity Center, or the Region that it is in, dark, nobody can start the failover.",
)
USER_GONE = Matter(
    *("break-glass-user", Severity.LOSES),
    "an IAM user that may assume the role that fails over does not exist",
    "Who opens the envelope on the day holds a key to nothing.",
)
NO_KEY = Matter(
    *("break-glass-key", Severity.LOSES),
    "an IAM user that may assume the role that fails over has no active access key",
    "Without one they cannot call the Region's own STS.",
)
MAY_NOT = Matter(
    *("break-glass-right", Severity.LOSES),
    "an IAM user is named by the role that fails over, and has no right to assume it",
    "The call is refused on the day.",
)
NOT_KNOWN = Matter(
    *("break-glass-unknown", Severity.UNKNOWN),
    "it is not known whether an IAM user can assume the role that fails over",
    "If not, nobody can start the failover with IAM Identity Center dark.",
)
STS = Matter(
    *("sts-legacy", Severity.INCONVENIENT),
    "the tools of this machine ask STS in us-east-1",
    "With us-east-1 dark no role can be assumed from here.",
)
_USER = ":user/"


def roles(case: Case) -> Iterator[Finding]:
    """The role of each Region, whose stack makes it."""
    if not case.plan.deployed:
        return
    for side in case.sides:
        if side.has(Part.FAILOVER_ROLE) and side[Part.FAILOVER_ROLE] is None:
            told = case.on(side, "not there")
            mend = ("make deploy", "a release before 0.9 made none")
            yield Finding(NO_ROLE, side.region, told, mend)


def named(side: Side) -> tuple[str, ...]:
    """IAM users that a Region's role names."""
    role = side.parts.get(Part.FAILOVER_ROLE)
    found = role.get("principals", ()) if isinstance(role, dict) else ()
    return tuple(each for each in found if _USER in str(each))


def users(case: Case) -> Iterator[Finding]:
    """The backup's role: the one that is assumed when the primary is lost."""
    role = case.backup[Part.FAILOVER_ROLE]
    if not case.plan.deployed or role is None:
        return
    known = named(case.backup)
    if not known:
        mend = (
            by(case.backup, "aws iam create-user --user-name break-glass"),
            'cdk.json: failover.dr_principals: ["arn:aws:iam::<account>:user/break-glass"]',
            "docs/runbooks/failover.md, Who may",
        )
        yield Finding(NO_USER, str(role["arn"]), ("", listed(role["principals"])), mend)
    for each in known:
        yield from _user(case, each, str(role["arn"]))


def _user(case: Case, arn: str, role: str) -> Iterator[Finding]:
    user, name = case.account.users.get(arn), arn.rsplit("/", 1)[-1]
    allow = by(
        case.backup,
        f"aws iam put-user-policy --user-name {name} --policy-name fail-over "
        "--policy-document file://<allows sts:AssumeRole on the role>.json",
    )
    match user:
        case None:
            mend = (by(case.backup, f"aws iam create-user --user-name {name}"),)
            yield Finding(USER_GONE, arn, ("", "not there"), mend)
        case Unread():
            yield Finding(NOT_KNOWN, arn, ("", user.why), (f"let the caller look: {user.needs}",))
        case User():
            if not user.keys:
                create = by(case.backup, f"aws iam create-access-key --user-name {name}")
                sealed = (create, "seal it; try it twice a year")
                yield Finding(NO_KEY, arn, ("", "no active key"), sealed)
            if user.may is False:
                yield Finding(MAY_NOT, arn, ("", f"may not assume {role}"), (allow,))
            elif user.may is None:
                mend = (f"let the caller look: iam:SimulatePrincipalPolicy on {arn}",)
                yield Finding(NOT_KNOWN, arn, ("", "its policies were not judged"), mend)


def tools(case: Case) -> Iterator[Finding]:
    """Of this machine, where a failover may be typed; of two accounts by the profile of each."""
    mend, seen = ("export AWS_STS_REGIONAL_ENDPOINTS=regional",), "sts_regional_endpoints=legacy"
    if case.account.sts == "legacy":
        yield Finding(STS, case.backup.region if case.home else "", ("", seen), mend)
    if case.home and case.home.sts == "legacy":
        yield Finding(STS, case.primary.region, (seen, ""), mend)


RULES = (Rule(roles, ()), Rule(users, (), (Part.FAILOVER_ROLE,)), Rule(tools, ()))
