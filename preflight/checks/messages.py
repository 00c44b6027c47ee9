"""Mail, SMS, and somebody who hears alarms. Pure."""

from __future__ import annotations

from preflight.findings import Finding, Severity
from preflight.ports import Sending
from preflight.wanted import Mail, Wanted

MAIL, SMS, ALARMS = "mail", "sms", "alarms"
_RECOVERIES_A_DAY = 10_000
"""Below this the people of a pool of some size cannot recover in a day."""


def no_mail(wanted: Wanted, region: str) -> Finding:
    """Created pools without SES."""
    return Finding(
        MAIL,
        region,
        Severity.WARNS,
        "the created pool sends with Cognito's own sender",
        "Some 50 mails a day: then sign-up and recovery stop, after a failover at once.",
        advice=f'edit {wanted.config_file}: "email": {{...}}, as docs/mail.md has it',
    )


def judge_identity(mail: Mail, pool_region: str, verified: bool | None) -> list[Finding]:
    """The identity is there, and verified."""
    if verified:
        return []
    state = "there is no SES identity" if verified is None else "SES has not verified"
    command = (
        f"aws sesv2 create-email-identity --email-identity {mail.identity} --region {mail.region}"
        if verified is None
        else f"aws sesv2 get-email-identity --email-identity {mail.identity} --region {mail.region}"
    )
    return [
        Finding(
            MAIL,
            pool_region,
            Severity.REFUSES,
            f"{state} {mail.identity} in {mail.region}",
            "Cognito refuses to make or change the pool.",
            command,
        )
    ]


def judge_sending(mail: Mail, pool_region: str, sending: Sending) -> list[Finding]:
    """SES is out of its sandbox, and allows enough."""
    if not sending.enabled:
        return [
            Finding(
                MAIL,
                pool_region,
                Severity.WARNS,
                f"SES has stopped sending for this account in {mail.region}",
                "No mail goes out: nobody can sign up or recover.",
                f"aws sesv2 get-account --region {mail.region}",
            )
        ]
    if not sending.production:
        return [
            Finding(
                MAIL,
                pool_region,
                Severity.WARNS,
                f"SES is in its sandbox in {mail.region}",
                "Mail goes to verified addresses only, at most 200 a day: nobody can sign up or "
                "recover.",
                "aws sesv2 put-account-details --production-access-enabled --mail-type "
                "TRANSACTIONAL --website-url <https://your.site> --use-case-description "
                f"'<codes for sign-up and recovery>' --region {mail.region}",
            )
        ]
    if 0 <= sending.mails_a_day < _RECOVERIES_A_DAY:
        return [
            Finding(
                MAIL,
                pool_region,
                Severity.WARNS,
                f"SES sends {sending.mails_a_day:g} mails a day in {mail.region}",
                "After a failover everybody recovers by mail; more people than that wait a day.",
                f"aws service-quotas list-service-quotas --service-code ses --region {mail.region}",
            )
        ]
    return []


def judge_configuration_set(mail: Mail, pool_region: str, there: bool) -> list[Finding]:
    """The configuration set exists."""
    if there:
        return []
    return [
        Finding(
            MAIL,
            pool_region,
            Severity.REFUSES,
            f"there is no configuration set {mail.configuration_set} in {mail.region}",
            "Cognito refuses to make or change the pool.",
            "aws sesv2 create-configuration-set --configuration-set-name "
            f"{mail.configuration_set} --region {mail.region}",
        )
    ]


def judge_sms(region: str, sms_region: str, sandbox: bool) -> list[Finding]:
    """SNS is out of its SMS sandbox."""
    if not sandbox:
        return []
    return [
        Finding(
            SMS,
            region,
            Severity.WARNS,
            f"SNS is in its SMS sandbox in {sms_region}",
            "SMS go to verified numbers only: nobody else can verify a phone number.",
            f"aws sns get-sms-sandbox-account-status --region {sms_region}",
            advice="leave it by a support case: AWS End User Messaging, in that Region's console",
        )
    ]


def topic_arn(wanted: Wanted, region: str) -> str:
    """Where a Region's alarms are told."""
    return f"arn:aws:sns:{region}:{wanted.account_of(region)}:{wanted.names.topic}"


def judge_alarms(wanted: Wanted, region: str, subscribers: int | None) -> list[Finding]:
    """Somebody is told. `subscribers`: None, no topic yet."""
    if subscribers:
        return []
    if wanted.alarm_email:
        still = "has not been confirmed yet" if subscribers == 0 else "will ask for confirmation"
        return [
            Finding(
                ALARMS,
                region,
                Severity.WARNS if subscribers == 0 else Severity.TELLS,
                f"the subscription of {wanted.alarm_email} {still}",
                "Until its link is followed, nobody hears an alarm of this Region.",
                f"aws sns list-subscriptions-by-topic --topic-arn {topic_arn(wanted, region)} "
                f"--region {region}",
            )
        ]
    return [
        Finding(
            ALARMS,
            region,
            Severity.WARNS,
            "nobody is subscribed to the alarms, and alarm_email names nobody",
            "Dead letters, lag and failed reconciliations go unseen.",
            f"aws sns subscribe --topic-arn {topic_arn(wanted, region)} --protocol email "
            f"--notification-endpoint <you@example.org> --region {region}",
            advice=f'or edit {wanted.config_file}: "alarm_email": "<you@example.org>"',
        )
    ]
