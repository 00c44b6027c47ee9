"""Schemas and their limits. A schema cannot be changed later, but for new custom attributes
(Developer Guide, "Working with user attributes")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Side
from cognito_standby.adoption.domain.telling import of_pool
from cognito_standby.core.domain.attribute_limits import AttributeRule, AttributeType, rule_from
from cognito_standby.core.domain.pools import NEVER_REPLICATED, ORIGIN_SUB_ATTRIBUTE

MISSING = Matter(
    *("attribute-missing", Severity.LOSES),
    "the backup's schema lacks an attribute that the primary's has",
    "Its values stay behind; apps that need it find nothing.",
)
TYPE = Matter(
    *("attribute-type", Severity.LOSES),
    "an attribute has another type in the backup",
    "Values that the backup's type does not take stay behind.",
)
LIMITS = Matter(
    *("attribute-limits", Severity.LOSES),
    "the backup takes fewer values of an attribute",
    "Values that are longer, shorter or outside the range stay behind.",
)
IMMUTABLE = Matter(
    *("attribute-immutable", Severity.LOSES),
    "an attribute can be changed in the primary and not in the backup",
    "The backup keeps the value that somebody had when they came; changes stay behind.",
)
REQUIRED = Matter(
    *("attribute-required", Severity.INCONVENIENT),
    "the backup requires an attribute that the primary does not",
    "A sign-up after the failover fails without it; a removal does not travel.",
)
ONLY_BACKUP = Matter(
    *("attribute-only-in-backup", Severity.NOTE),
    "the backup's schema has an attribute that the primary's lacks",
    "What is written to it after a failover does not come home.",
)
WIDER = Matter(
    *("attribute-wider", Severity.NOTE),
    "the backup takes more values of an attribute, or more changes, than the primary",
    "What is written there after a failover does not all come home.",
)
UNFIT = Matter(
    *("origin-sub-unfit", Severity.LOSES),
    "custom:origin_sub cannot hold what it is for: a mutable string of 36 characters",
    "Replayed users bear no mark of who they are, as if the pool lacked it.",
)
NO_ORIGIN = Matter(
    *("origin-sub-missing", Severity.LOSES),
    "a pool lacks custom:origin_sub",
    "Replayed users bear no mark of who they are: no import, no staging of provider's users, and a "
    "lost ledger row makes somebody a stranger.",
)
_SUB_CHARACTERS = 36
"""A sub is a UUID (Developer Guide, "Working with user attributes")."""
_REPLACE = (
    "a schema cannot be changed: make another backup pool with the primary's schema "
    "(docs/runbooks/install.md)",
)


def _rules(side: Side) -> Mapping[str, AttributeRule]:
    return {
        str(name): rule_from(each)
        for name, each in side[Part.ATTRIBUTES].items()
        if name not in NEVER_REPLICATED
    }


def _told(rule: AttributeRule) -> str:
    most = "" if rule.most is None else f" to {rule.most}"
    least = "" if rule.least is None else f" {rule.least}"
    traits = f"{'mutable' if rule.mutable else 'immutable'}{', required' if rule.required else ''}"
    return f"{rule.type or 'another type'}{least}{most}, {traits}"


def _narrower(one: AttributeRule, other: AttributeRule) -> bool:
    least = other.least is not None and (one.least is None or one.least < other.least)
    most = other.most is not None and (one.most is None or one.most > other.most)
    return least or most


def _matters(one: AttributeRule, other: AttributeRule) -> Iterator[Matter]:
    if one.type is not other.type:
        yield TYPE
    elif _narrower(one, other):
        yield LIMITS
    if one.mutable and not other.mutable:
        yield IMMUTABLE
    if other.required and not one.required:
        yield REQUIRED
    wider = one.type is other.type and _narrower(other, one)
    if wider or (other.mutable and not one.mutable) or (one.required and not other.required):
        yield WIDER


def _add(side: Side, name: str, rule: AttributeRule) -> tuple[str, ...]:
    short = name.removeprefix("custom:")
    if short == name:
        return _REPLACE
    kind = "Number" if rule.type is AttributeType.NUMBER else "String"
    told = [f"Name={short}", f"AttributeDataType={kind}", f"Mutable={str(rule.mutable).lower()}"]
    if rule.type is AttributeType.STRING and rule.most is not None:
        told.append(
            f"StringAttributeConstraints={{MinLength={rule.least or 0},MaxLength={rule.most}}}"
        )
    elif rule.type is AttributeType.NUMBER and rule.least is not None and rule.most is not None:
        told.append(f"NumberAttributeConstraints={{MinValue={rule.least},MaxValue={rule.most}}}")
    return (of_pool(side, "add-custom-attributes", custom_attributes=f"'{','.join(told)}'"),)


def attributes(case: Case) -> Iterator[Finding]:
    """Each attribute of either schema."""
    ours, theirs = _rules(case.primary), _rules(case.backup)
    for name, rule in ours.items():
        if name not in theirs:
            mend = _add(case.backup, name, rule)
            yield Finding(MISSING, name, (_told(rule), "not there"), mend)
            continue
        for matter in _matters(rule, theirs[name]):
            yield Finding(matter, name, (_told(rule), _told(theirs[name])), _REPLACE)
    for name in theirs.keys() - ours.keys():
        mend = _add(case.primary, name, theirs[name])
        yield Finding(ONLY_BACKUP, name, ("not there", _told(theirs[name])), mend)


def origin_sub(case: Case) -> Iterator[Finding]:
    """The attribute that bears the origin sub, in both pools."""
    has = {side.region: ORIGIN_SUB_ATTRIBUTE in side[Part.ATTRIBUTES] for side in case.sides}
    if not all(has.values()):
        told = ["there" if has[side.region] else "not there" for side in case.sides]
        constraints = "StringAttributeConstraints={MinLength=0,MaxLength=36}"
        custom = f"'Name=origin_sub,AttributeDataType=String,Mutable=true,{constraints}'"
        mend = [
            of_pool(side, "add-custom-attributes", custom_attributes=custom)
            for side in case.sides
            if not has[side.region]
        ]
        yield Finding(NO_ORIGIN, "custom:origin_sub", told, tuple(mend))


def origin_sub_fits(case: Case) -> Iterator[Finding]:
    """In either pool that has it."""
    for side in case.sides:
        raw = side[Part.ATTRIBUTES].get(ORIGIN_SUB_ATTRIBUTE)
        if raw is None:
            continue
        rule = rule_from(raw)
        short = rule.most is not None and rule.most < _SUB_CHARACTERS
        if rule.type is not AttributeType.STRING or not rule.mutable or short:
            seen = case.on(side, _told(rule))
            yield Finding(UNFIT, f"{side.region}: {ORIGIN_SUB_ATTRIBUTE}", seen, _REPLACE)


RULES = (
    Rule(attributes, (Part.ATTRIBUTES,)),
    Rule(origin_sub, (Part.ATTRIBUTES,)),
    Rule(origin_sub_fits, (Part.ATTRIBUTES,)),
)
