"""What a config that works should be told nevertheless, each as one sentence."""

from __future__ import annotations

from cognito_standby.core.domain.after_failover import AfterFailover, consequences
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.reconciliation.domain.drift_report import REPEATING
from stacks.config.cadence import longest_gap_seconds
from stacks.config.model import Config

NO_SES = (
    "email is not configured: the created pools send some 50 mails a day with Cognito's own "
    "sender, then sign-up and recovery stop. Name an SES identity for each Region (docs/mail.md)."
)
STAGED = (
    "federated is staged: whoever signed in through an identity provider gets a profile in the "
    "other pool. Each is billed there as an active user in every month in which their record "
    "changes; has another username there; and cannot be made a provider's own user again. At most "
    "five identities are linked to one (docs/federated-users.md)."
)
STAGES_NOBODY = (
    "federated is staged, and sign_in is {}: where addresses are usernames nobody is staged, for "
    "the profile would take the address of a native user. People of a provider are completed at "
    "their first sign-in there (docs/federated-users.md)."
)
_DAY = 86_400


def warnings(config: Config) -> tuple[str, ...]:
    """The sentences; none when there is nothing to say."""
    about = (about_messages, about_staging, about_runs, about_failovers)
    return tuple(sentence for each in about for sentence in each(config))


def about_messages(config: Config) -> tuple[str, ...]:
    """Of the created pools."""
    return (NO_SES,) if config.pools.create and config.email is None else ()


def about_failovers(config: Config) -> tuple[str, ...]:
    """What was chosen by a policy that is not the default."""
    if config.after_failover == type(config).model_fields["after_failover"].default:
        return ()
    told = " ".join(consequences(AfterFailover(config.after_failover)))
    return (f"after_failover is {config.after_failover}. {told}",)


def about_staging(config: Config) -> tuple[str, ...]:
    """What staging a provider's users costs, and where it does nothing."""
    if not FederatedWay(config.federated).stages:
        return ()
    if config.pools.create and config.sign_in != "username":
        return (STAGES_NOBODY.format(config.sign_in),)
    return (STAGED,)


def about_runs(config: Config) -> tuple[str, ...]:
    """Of what expires before the next scheduled reconciliation."""
    schedule, kept = config.schedules.reconcile, config.retention
    days = longest_gap_seconds(schedule) / _DAY
    gap = f"schedules.reconcile {schedule} leaves up to {days:g} days between two runs"
    told = []
    if kept.runs_days < days:
        told.append(
            f"{gap}, and retention.runs_days is {kept.runs_days}: the files of a run expire before "
            f"the next one, so that it can be neither looked into nor resumed."
        )
    if kept.reports_days < (REPEATING - 1) * days:
        told.append(
            f"{gap}, and retention.reports_days is {kept.reports_days}: {REPEATING} reports in a "
            f"row are never there, so that drift that repeats is not told."
        )
    return tuple(told)
