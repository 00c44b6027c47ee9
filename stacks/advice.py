"""What a config that works should be told nevertheless, each as one sentence."""

from __future__ import annotations

from stacks.config import Config

NO_SES = (
    "email is not configured: the created pools send some 50 mails a day with Cognito's own "
    "sender, then sign-up and recovery stop. Name an SES identity for each Region (docs/mail.md)."
)


def warnings(config: Config) -> tuple[str, ...]:
    """The sentences; none when there is nothing to say."""
    return (NO_SES,) if config.pools.create and config.email is None else ()
