"""The parts of the config about what a created pool sends: mail by SES, and SMS.

Without SES a pool sends with Cognito's own sender, some 50 mails a day (developer guide, "Quotas in
Amazon Cognito"): then sign-up and recovery stop, and after a failover everybody wants to recover.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from stacks.config import shapes
from stacks.config.parts import ConfigPart
from stacks.message_regions import mail_regions, sms_regions
from stacks.partitions import in_standard_arn

IdentityArn = Annotated[str, Field(pattern=shapes.IDENTITY), AfterValidator(in_standard_arn)]
RoleArn = Annotated[str, Field(pattern=shapes.ROLE), AfterValidator(in_standard_arn)]


class Email(ConfigPart):
    """Mail of created pools by Amazon SES. The identities must be verified, in this account, and
    out of SES's sandbox, which `make deploy` looks at."""

    primary_identity: IdentityArn = Field(
        description="ARN of the SES identity (domain or address) of the primary Region's pool."
    )
    backup_identity: IdentityArn = Field(
        description="ARN of the SES identity of the backup Region's pool, in another Region than "
        "the primary one wherever Cognito allows that: it must send when that one is gone."
    )
    from_address: str = Field(
        pattern=shapes.SENDER,
        max_length=320,
        description="Sender, `address` or `Name <address>`; of both identities.",
    )
    reply_to: str | None = Field(
        default=None, pattern=shapes.MAIL_ADDRESS, description="Where answers go."
    )
    configuration_set: str | None = Field(
        default=None,
        pattern=shapes.CONFIGURATION_SET,
        description="SES configuration set, of this name in both identities' Regions.",
    )

    @property
    def address(self) -> str:
        """The sender's bare address."""
        return self.from_address.rpartition("<")[2].removesuffix(">")


class Sms(ConfigPart):
    """SMS of created pools, by Amazon SNS: people can then verify a phone number."""

    external_id: str = Field(
        pattern=shapes.EXTERNAL_ID,
        description="What Cognito must say when it assumes the role: any value that is yours.",
    )
    caller_role: RoleArn | None = Field(
        default=None,
        description="An existing role that trusts cognito-idp.amazonaws.com with this external id "
        "and may sns:Publish; IAM is global, so one serves both Regions. null: made in each.",
    )
    primary_sns_region: str | None = Field(
        default=None, description="Where the primary pool's SMS are sent from; null: as AWS has it."
    )
    backup_sns_region: str | None = Field(
        default=None, description="Where the backup pool's SMS are sent from; null: as AWS has it."
    )


def check_email(email: Email, accounts: Mapping[str, str], primary: str, backup: str) -> None:
    """ValueError: an identity that its pool cannot use, or must not lean on.

    accounts  Region -> account of its pool
    """
    for name, arn, region in (
        ("primary_identity", email.primary_identity, primary),
        ("backup_identity", email.backup_identity, backup),
    ):
        _, _, _, at, owner, resource = arn.split(":", 5)
        if owner != accounts[region]:
            raise ValueError(f"email.{name}: Cognito uses no identity of another account")
        if at not in (usable := mail_regions(region)):
            raise ValueError(f"email.{name} is in {at}; a pool in {region} can use: {usable}")
        _check_sender(name, resource.removeprefix("identity/"), email.address)
    at = email.backup_identity.split(":")[3]
    if at == primary and mail_regions(backup) != (primary,):
        raise ValueError("email.backup_identity is in the primary Region: it would go with it")


def _check_sender(name: str, identity: str, address: str) -> None:
    """An identity is an address, or a domain with all that is below it."""
    domain = address.partition("@")[2].lower()
    known = identity.lower()
    if "@" in known:
        fits = known == address.lower()
    else:
        fits = domain == known or domain.endswith(f".{known}")
    if not fits:
        raise ValueError(f"email.from_address {address} is not of email.{name} ({identity})")


def check_sms(sms: Sms, account: str, primary: str, backup: str) -> None:
    """ValueError: a Region that its pool cannot send from, or a role of another account."""
    for name, at, region in (
        ("primary_sns_region", sms.primary_sns_region, primary),
        ("backup_sns_region", sms.backup_sns_region, backup),
    ):
        if at is not None and at not in (usable := sms_regions(region)):
            raise ValueError(f"sms.{name} {at}: a pool in {region} can use: {usable}")
    if sms.caller_role and sms.caller_role.split(":")[4] != account:
        raise ValueError("sms.caller_role is of another account")
