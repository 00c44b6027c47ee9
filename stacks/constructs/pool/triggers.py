"""What a pool's triggers call, and what lets Cognito call it."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.config.model import Config

PERMISSIONS = {
    "post_confirmation": "TriggerPermission",
    "pre_sign_up": "PreSignUpPermission",
    "pre_token_generation": "PreTokenGenerationPermission",
    "pre_authentication": "PreAuthenticationPermission",
    "custom_message": "CustomMessagePermission",
    "user_migration": "UserMigrationPermission",
}
"""Task -> id of the construct that lets Cognito call it. The last one's function is there where a
pool is filled on demand."""
_ARRIVALS = "user_migration"
_LambdaConfig = cognito.CfnUserPool.LambdaConfigProperty
_Versioned = cognito.CfnUserPool.PreTokenGenerationConfigProperty


class TriggerPermission(Construct):
    """Lets Cognito call the function of a trigger.

    It must outlive the pool: deleted before it, every sign-up would fail in a pool that deletion
    protection keeps. So a created pool depends on the permission, the permission cannot name the
    pool, and its SourceArn is every pool of this account and Region: whoever may configure
    another pool's triggers could have it publish hints, and hints of foreign pools are refused, or
    claim origin subs for it, which nobody believes of another issuer. For an existing pool the
    SourceArn is that pool.
    """

    def __init__(
        self, scope: Construct, task: str, function: lambda_.IFunction, pool_id: str | None
    ) -> None:
        super().__init__(scope, PERMISSIONS[task])
        stack = Stack.of(self)
        self.permission = lambda_.CfnPermission(
            self,
            "Permission",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="cognito-idp.amazonaws.com",
            source_account=stack.account,
            source_arn=user_pool_arn(stack, pool_id or "*"),
        )


class PoolTriggers:
    """The functions of all triggers of a Region's pool, each with its permission."""

    def __init__(
        self, scope: Construct, functions: Mapping[str, lambda_.IFunction], pool_id: str | None
    ) -> None:
        self._functions = functions
        self.permissions = [
            TriggerPermission(scope, task, functions[task], pool_id)
            for task in PERMISSIONS
            if task in functions
        ]

    def attached(self, config: Config) -> cognito.CfnUserPool.LambdaConfigProperty:
        """What a created pool calls; nothing where the config detaches it."""
        if not config.attach_trigger:
            return _LambdaConfig()
        slots, fenced = config.triggers, config.fenced
        tokens = slots.origin_sub_claim or slots.pre_token_generation.primary_function
        before = slots.pre_authentication.primary_function
        message = slots.custom_message.primary_function
        return _LambdaConfig(
            post_confirmation=self._arn("post_confirmation"),
            pre_sign_up=self._arn("pre_sign_up"),
            pre_token_generation_config=self._tokens(config) if fenced or tokens else None,
            pre_authentication=self._arn("pre_authentication") if fenced or before else None,
            custom_message=self._arn("custom_message") if fenced or message else None,
            user_migration=self._arn(_ARRIVALS) if _ARRIVALS in self._functions else None,
        )

    def _arn(self, task: str) -> str:
        return self._functions[task].function_arn

    def _tokens(self, config: Config) -> cognito.CfnUserPool.PreTokenGenerationConfigProperty:
        return _Versioned(
            lambda_arn=self._arn("pre_token_generation"),
            lambda_version=config.triggers.pre_token_generation.event,
        )


def user_pool_arn(stack: Stack, pool_id: str) -> str:
    """The ARN of a pool of this stack's account and Region."""
    return stack.format_arn(service="cognito-idp", resource="userpool", resource_name=pool_id)
