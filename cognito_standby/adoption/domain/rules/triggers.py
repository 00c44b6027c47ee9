"""Triggers and custom senders: which slots are taken, by whom, whether Cognito may call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Shape, Side
from cognito_standby.adoption.domain.telling import command, console
from cognito_standby.core.domain.pool_triggers import ADVICE, CONSEQUENCES, bearing_on_replays

MISSING = Matter(
    *("trigger-missing", Severity.LOSES),
    "the primary has a trigger that the backup lacks",
    "What it does (checks, claims in tokens, messages) is not done while the backup is active.",
)
SENDER = Matter(
    *("sender-missing", Severity.LOSES),
    "the primary sends mail or SMS by a function of the owner's, and the backup does not",
    "Codes go by Cognito's own way, from another sender, or not at all.",
)
VERSION = Matter(
    *("trigger-version", Severity.LOSES),
    "a trigger gets another version of its event at the backup",
    "A function that reads or answers the newer version does nothing there: access tokens lack its "
    "claims.",
)
ELSEWHERE = Matter(
    *("trigger-elsewhere", Severity.BLOCKS),
    "a trigger's function is in another Region than its pool",
    "Cognito calls functions of the pool's own Region; that Region may be the dark one.",
)
GONE = Matter(
    *("trigger-function-missing", Severity.BLOCKS),
    "a trigger's function does not exist",
    "What it is asked for fails for everybody: sign-ups, sign-ins or codes.",
)
FORBIDDEN = Matter(
    *("trigger-not-permitted", Severity.BLOCKS),
    "no permission of a trigger's function lets Cognito call it for this pool",
    "What it is asked for fails for everybody: sign-ups, sign-ins or codes.",
)
DISTURBS = Matter(
    *("trigger-disturbs-replay", Severity.LOSES),
    "the backup has a trigger of the owner's that bears on replays",
    "Users whom it refuses, or makes before their replay, are not there on the day.",
)
LATE = Matter(
    *("trigger-ours-late", Severity.INCONVENIENT),
    "PostConfirmation does not call the installation's own function",
    "Sign-ups come by CloudTrail alone: minutes later, so those of the last minutes are lost.",
)
OURS = Matter(
    *("trigger-ours-missing", Severity.LOSES),
    "a slot does not hold the installation's own function",
    "PreSignUp: a sign-up can name another's origin sub. PreTokenGeneration: tokens lack the "
    "origin sub. With a fence, any of them: the pool that stands by lets people in.",
)
SENDER_KEY = Matter(
    *("sender-key", Severity.BLOCKS),
    "the KMS key by which codes are handed to a custom sender cannot be used",
    "No code reaches anybody: nobody signs up or recovers.",
)
SENDERS = frozenset({"CustomEmailSender", "CustomSMSSender"})
_KEY = "KMSKeyID"
_TOKENS, _TOKENS_TOO = "PreTokenGeneration", "PreTokenGenerationConfig"
_OUR_TASKS = {
    "PostConfirmation": "post_confirmation",
    "PreSignUp": "pre_sign_up",
    "PreTokenGeneration": "pre_token_generation",
}
_OF_FENCE = {"PreAuthentication": "pre_authentication", "CustomMessage": "custom_message"}
_SERVICE = "cognito-idp.amazonaws.com"


def slots(side: Side) -> Mapping[str, Shape]:
    """Slot -> function; the two settings of the trigger for tokens are one."""
    told = {name: each for name, each in side[Part.TRIGGERS].items() if name != _KEY}
    if _TOKENS_TOO in told:
        told[_TOKENS] = told.pop(_TOKENS_TOO)
    return told


def function_of(trigger: Shape) -> str:
    """Its ARN."""
    return str(trigger.get("LambdaArn") or "")


def _is_ours(case: Case, arn: str) -> bool:
    prefix = f":function:{case.plan.installation}-"
    return bool(case.plan.installation) and prefix in arn


def taken(case: Case) -> Iterator[Finding]:
    """The owner's triggers of the primary, in the backup. Ours are told by `ours`."""
    here, there = map(slots, case.sides)
    for name, trigger in sorted(here.items()):
        if _is_ours(case, function_of(trigger)):
            continue
        other = there.get(name)
        step = (console(case.backup, "Extensions > Lambda triggers"),)
        if other is None:
            matter = SENDER if name in SENDERS else MISSING
            yield Finding(matter, name, (function_of(trigger), "none"), step)
        elif _version(trigger) != _version(other):
            yield Finding(VERSION, name, (_version(trigger), _version(other)), step)


def _version(trigger: Shape) -> str:
    return str(trigger.get("LambdaVersion") or "V1_0")


def ours(case: Case) -> Iterator[Finding]:
    """Whether the installation's own functions are called, once it stands."""
    if not case.plan.deployed:
        return
    for side in case.sides:
        fence = _OF_FENCE if case.plan.fenced else {}
        for name, task in {**_OUR_TASKS, **fence}.items():
            arn = function_of(slots(side).get(name, {}))
            meant = f"{case.plan.installation}-{task}"
            if arn.endswith(f":function:{meant}"):
                continue
            told = case.on(side, arn or "none")
            mend = (
                f"standby attach --only {task} --region {side.region}",
                "a function of yours there is asked first by ours: triggers in cdk.json",
            )
            matter = LATE if name == "PostConfirmation" else OURS
            yield Finding(matter, f"{side.region}: {name}", told, mend)


def called(case: Case) -> Iterator[Finding]:
    """Whether Cognito can call what is attached."""
    for side in case.sides:
        functions = side[Part.FUNCTIONS]
        for name, trigger in sorted(slots(side).items()):
            arn = function_of(trigger)
            about = f"{side.region}: {name}"
            seen = case.on(side, arn)
            step = (console(side, f"Extensions > Lambda triggers > {name}"),)
            if arn.split(":")[3:4] != [side.region]:
                yield Finding(ELSEWHERE, about, seen, step)
            elif functions.get(arn, ()) is None:
                yield Finding(GONE, about, seen, step)
            elif not permits(functions.get(arn, ()), side.arn()):
                permit = command(
                    *(side, "lambda", "add-permission"),
                    function_name=arn,
                    statement_id=f"cognito-{side.pool_id}",
                    action="lambda:InvokeFunction",
                    principal=_SERVICE,
                    source_arn=side.arn(),
                )
                yield Finding(FORBIDDEN, about, seen, (permit,))


def permits(statements: object, pool_arn: str) -> bool:
    """Whether a function's policy lets Cognito call it for a pool."""
    if not isinstance(statements, list | tuple):
        return False
    return any(_allows(each, pool_arn) for each in statements)


def _allows(statement: Shape, pool_arn: str) -> bool:
    """As Lambda writes them (AddPermission): the service, and the pool in the condition, or no
    condition at all. Any other condition counts as met, for it is the owner's."""
    who = statement.get("Principal")
    named = who.get("Service") if isinstance(who, Mapping) else who
    services = [named] if isinstance(named, str) else list(named or ())
    if statement.get("Effect") != "Allow" or not {_SERVICE, "*"} & set(services):
        return False
    conditions = statement.get("Condition") or {}
    sources = [
        str(value)
        for test in conditions.values()
        for key, value in test.items()
        if key.lower() == "aws:sourcearn"
    ]
    return all(_matches(each, pool_arn) for each in sources)


def _matches(pattern: str, arn: str) -> bool:
    head, star, _ = pattern.partition("*")
    return arn.startswith(head) if star else pattern == arn


def disturbing(case: Case) -> Iterator[Finding]:
    """The owner's triggers of the backup that a replay meets."""
    config = {name: function_of(each) for name, each in slots(case.backup).items()}
    for name in bearing_on_replays(config):
        if _is_ours(case, config[name]):
            continue
        yield Finding(
            DISTURBS, name, ("", f"{config[name]}: {CONSEQUENCES[name]}"), (ADVICE[name],)
        )


def sender_keys(case: Case) -> Iterator[Finding]:
    """Keys are of one Region; a multi-Region key's replica has the same id in the other one."""
    for side in case.sides:
        arn = function_of(side[Part.TRIGGERS].get(_KEY, {}))
        if not arn:
            continue
        state = side[Part.KEYS].get(arn)
        if state == "Enabled" and arn.split(":")[3:4] == [side.region]:
            continue
        seen = f"{arn}: {state or 'there is no such key'}"
        told = case.on(side, seen)
        look = command(side, "kms", "describe-key", key_id=arn)
        mend = (
            look,
            "name a key of this Region that is enabled, and let the senders decrypt by it",
        )
        yield Finding(SENDER_KEY, side.region, told, mend)


_SLOTS = (Part.TRIGGERS,)
RULES = (
    Rule(taken, _SLOTS),
    Rule(ours, _SLOTS),
    Rule(called, (Part.TRIGGERS, Part.FUNCTIONS)),
    Rule(disturbing, (), _SLOTS),
    Rule(sender_keys, (Part.TRIGGERS, Part.KEYS)),
)
