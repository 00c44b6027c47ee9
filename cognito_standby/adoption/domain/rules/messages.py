"""Mail and SMS: who sends, from which Region, how much. On the day everybody asks for a code."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.adoption.domain.findings import Finding, Matter, Severity
from cognito_standby.adoption.domain.rules.rule import Rule
from cognito_standby.adoption.domain.sides import Case, Part, Shape, Side
from cognito_standby.adoption.domain.telling import NOTHING, by, console, shown

OWN_SENDER = Matter(
    *("mail-own-sender", Severity.LOSES),
    "the backup sends by Cognito's own sender: some 50 mails a day",
    "Everybody asks for a code on the day; all but the first 50 get none.",
)
MAIL_AWAY = Matter(
    *("mail-elsewhere", Severity.LOSES),
    "the backup's mail is sent from the primary's Region",
    "When that Region is lost nobody gets a code.",
)
UNVERIFIED = Matter(
    *("mail-identity", Severity.LOSES),
    "SES may not send as the backup's identity",
    "Nobody gets a code by mail.",
)
MAIL_SANDBOX = Matter(
    *("mail-sandbox", Severity.LOSES),
    "SES is in its sandbox: mail goes to verified addresses only",
    "Nobody else gets a code by mail.",
)
PAUSED = Matter(
    *("mail-paused", Severity.LOSES),
    "SES does not send for this account",
    "Nobody gets a code by mail.",
)
MAIL_LESS = Matter(
    *("mail-quota", Severity.INCONVENIENT),
    "SES sends fewer mails a day in the backup's Region",
    "Codes end in the middle of a day on which everybody asks for one.",
)
NO_SMS = Matter(
    *("sms-missing", Severity.LOSES),
    "the primary sends SMS and the backup cannot",
    "Who recovers or signs in by phone gets no code.",
)
SMS_AWAY = Matter(
    *("sms-elsewhere", Severity.LOSES),
    "the backup's SMS are sent from the primary's Region",
    "When that Region is lost nobody gets a code by phone.",
)
SMS_SANDBOX = Matter(
    *("sms-sandbox", Severity.LOSES),
    "SMS of the backup go to verified numbers only",
    "Nobody else gets a code by phone.",
)
FAILING = Matter(
    *("messages-failing", Severity.BLOCKS),
    "Cognito reports that a pool cannot send",
    "Nobody gets a code.",
)
TEXTS = Matter(
    *("message-texts", Severity.INCONVENIENT),
    "messages have other texts in the backup",
    "People take the messages for an attack, or get a link where they expect a code.",
)
_OWN = "COGNITO_DEFAULT"
_TEXTS = (
    *("VerificationMessageTemplate", "EmailVerificationMessage", "EmailVerificationSubject"),
    *("SmsVerificationMessage", "SmsAuthenticationMessage"),
)
_SENDER_STEP = "Authentication methods > Email"


def _mail(side: Side) -> Shape:
    told: Shape = side.pool.get("EmailConfiguration") or {}
    return told


def mail_region(side: Side) -> str:
    """Region of the SES identity; empty: Cognito's own sender."""
    mail = _mail(side)
    if str(mail.get("EmailSendingAccount") or _OWN) == _OWN:
        return ""
    arn = str(mail.get("SourceArn") or "")
    return arn.split(":")[3] if arn.count(":") >= 5 else side.region  # noqa: PLR2004 - an ARN


def sms_region(side: Side) -> str:
    """Region that SMS are sent from; empty: the pool sends none."""
    sms = side.pool.get("SmsConfiguration") or {}
    return str(sms.get("SnsRegion") or side.region) if sms.get("SnsCallerArn") else ""


def _sends_itself(side: Side, sender: str) -> bool:
    """Whether a function of the owner's sends instead of Cognito."""
    return side.has(Part.TRIGGERS) and sender in side[Part.TRIGGERS]


def mail(case: Case) -> Iterator[Finding]:
    """By whom, and from where."""
    if _sends_itself(case.backup, "CustomEmailSender"):
        return
    at = mail_region(case.backup)
    source = str(_mail(case.backup).get("SourceArn") or "")
    home = mail_region(case.primary) or "Cognito"
    step = console(case.backup, _SENDER_STEP)
    if not at:
        yield Finding(OWN_SENDER, "", (f"from {home}", "from Cognito"), (step, "docs/mail.md"))
    elif at == case.primary.region != case.backup.region:
        yield Finding(MAIL_AWAY, "", (f"from {home}", source), (step,))


def identity(case: Case) -> Iterator[Finding]:
    """Of the backup alone: the primary's pool sends today."""
    if not mail_region(case.backup):
        return
    source = str(_mail(case.backup).get("SourceArn") or "")
    name = source.rpartition("identity/")[2]
    verified = case.backup[Part.MAIL_IDENTITY].get("verified")
    if verified is not True:
        at = mail_region(case.backup)
        seen = "not verified" if verified is False else "there is no such identity"
        line = f"aws sesv2 create-email-identity --region {at} --email-identity {name}"
        create = by(case.backup, line)
        mend = create if verified is None else create.replace("create-", "get-")
        yield Finding(UNVERIFIED, source, ("", seen), (mend,))


def sending(case: Case) -> Iterator[Finding]:
    """The SES account of the Region that the backup sends from."""
    at = mail_region(case.backup)
    if not at:
        return
    account = case.backup[Part.MAIL_SENDING]
    ask = f"console, {at}, Amazon SES > Get set up > Request production access"
    if not account.get("production"):
        yield Finding(MAIL_SANDBOX, at, ("", "in the sandbox"), (ask,))
    if not account.get("enabled"):
        look = by(case.backup, f"aws sesv2 get-account --region {at}")
        yield Finding(PAUSED, at, ("", "sending is paused"), (look, "ask AWS Support why"))


def mails_a_day(case: Case) -> Iterator[Finding]:
    """Where both send by SES; -1: without a limit."""
    if not (mail_region(case.primary) and mail_region(case.backup)):
        return
    ours, theirs = (float(side[Part.MAIL_SENDING]["mails_a_day"]) for side in case.sides)
    if 0 <= theirs < ours or (ours < 0 <= theirs):
        at = mail_region(case.backup)
        ask = f"console, {at}, Service Quotas > Amazon SES > Sending quota"
        yield Finding(MAIL_LESS, at, (f"{ours:.0f}", f"{theirs:.0f}"), (ask,))


def sms(case: Case) -> Iterator[Finding]:
    """Whether there are any, and from where."""
    if _sends_itself(case.backup, "CustomSMSSender"):
        return
    ours, theirs = map(sms_region, case.sides)
    step = console(case.backup, "Authentication methods > SMS")
    if ours and not theirs:
        yield Finding(NO_SMS, "", (f"from {ours}", NOTHING), (step,))
    elif theirs == case.primary.region != case.backup.region:
        yield Finding(SMS_AWAY, "", (f"from {ours or 'nowhere'}", f"from {theirs}"), (step,))


def sms_sandbox(case: Case) -> Iterator[Finding]:
    """Of the Region that the backup sends from."""
    at = sms_region(case.backup)
    if at and case.backup[Part.SMS].get("sandbox"):
        ask = f"console, {at}, AWS End User Messaging > Exit SMS sandbox; and its spending limit"
        yield Finding(SMS_SANDBOX, at, ("", "in the sandbox"), (ask,))


def failing(case: Case) -> Iterator[Finding]:
    """What Cognito says of the last messages; of either pool, for a failback needs the other."""
    for side in case.sides:
        for key in ("EmailConfigurationFailure", "SmsConfigurationFailure"):
            if why := side.pool.get(key):
                told = case.on(side, shown(why))
                mend = (console(side, "Authentication methods"),)
                yield Finding(FAILING, f"{side.region}: {key}", told, mend)


def texts(case: Case) -> Iterator[Finding]:
    """Their text is the owner's and may be long: only which differ."""
    ours, theirs = (side.pool for side in case.sides)
    if differ := [key for key in _TEXTS if ours.get(key) != theirs.get(key)]:
        step = console(case.backup, "Authentication methods > Message templates")
        told = [", ".join(k for k in differ if each.get(k)) or NOTHING for each in (ours, theirs)]
        yield Finding(TEXTS, "", told, (step,))


_POOL = (Part.POOL,)
RULES = (
    Rule(mail),
    Rule(identity, _POOL, (Part.MAIL_IDENTITY,)),
    Rule(sending, _POOL, (Part.MAIL_SENDING,)),
    Rule(mails_a_day, (Part.POOL, Part.MAIL_SENDING)),
    Rule(sms),
    Rule(sms_sandbox, _POOL, (Part.SMS,)),
    Rule(failing),
    Rule(texts),
)
