"""What a created pool sends with: SES for mail, and a role for SMS."""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Annotations, Stack, Validations
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.advice import about_messages
from stacks.config.model import Config

_UserPool = cognito.CfnUserPool


def email_of(config: Config, region: str) -> cognito.CfnUserPool.EmailConfigurationProperty | None:
    """None: Cognito's own sender."""
    email, identity = config.email, config.email_identity(region)
    if email is None or identity is None:
        return None
    return _UserPool.EmailConfigurationProperty(
        email_sending_account="DEVELOPER",
        source_arn=identity,
        from_=email.from_address,
        reply_to_email_address=email.reply_to,
        configuration_set=email.configuration_set,
    )


def sms_of(
    scope: Construct, config: Config, region: str
) -> cognito.CfnUserPool.SmsConfigurationProperty | None:
    """None: the pool sends no SMS."""
    if config.sms is None:
        return None
    role = config.sms.caller_role or SmsRole(scope, config.sms.external_id).role.role_arn
    return _UserPool.SmsConfigurationProperty(
        external_id=config.sms.external_id,
        sns_caller_arn=role,
        sns_region=config.sns_region(region),
    )


def warn_of_messages(scope: Construct, config: Config) -> None:
    """Tell at synthesis what the config should be told."""
    for number, text in enumerate(about_messages(config)):
        Annotations.of(scope).add_warning_v2(f"cognito-standby:messages-{number}", text)


class SmsRole(Construct):
    """What Cognito assumes to send an SMS: for pools of this account and Region, by external id.

    The pool depends on it, so it cannot name the pool. Its policy stands in the role itself:
    Cognito tries the role when the pool is made, and a policy of its own could come later.
    """

    def __init__(self, scope: Construct, external_id: str) -> None:
        super().__init__(scope, "Sms")
        stack = Stack.of(self)
        pools = stack.format_arn(service="cognito-idp", resource="userpool", resource_name="*")
        conditions = {
            "StringEquals": {"sts:ExternalId": external_id, "aws:SourceAccount": stack.account},
            "ArnLike": {"aws:SourceArn": pools},
        }
        topics = stack.format_arn(service="sns", region="*", account="*", resource="*")
        # An SMS has no ARN, so that publishing one is allowed on * alone; topics are taken out.
        publish = iam.PolicyStatement(actions=["sns:Publish"], resources=["*"])
        no_topic = iam.PolicyStatement(
            effect=iam.Effect.DENY, actions=["sns:Publish"], resources=[topics]
        )
        self.role = iam.Role(
            self,
            "Role",
            description="Cognito sends SMS of the created pool",
            assumed_by=iam.ServicePrincipal("cognito-idp.amazonaws.com", conditions=conditions),
            inline_policies={"sms": iam.PolicyDocument(statements=[publish, no_topic])},
        )
        Validations.of(self.role).acknowledge(
            Ack(
                id="AwsSolutions-IAM5[Resource::*]",
                reason="A phone number is no resource: sns:Publish of an SMS knows only *.",
            )
        )
