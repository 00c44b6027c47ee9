"""The whole configuration of a pool, by Cognito's API and AWS WAF's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cognito_standby.configuration.adapters.asking import NOT_THERE, Questions
from cognito_standby.configuration.adapters.reading_clients import ClientReading
from cognito_standby.configuration.domain.canonical import (
    FACTS_OF_DOMAIN,
    FACTS_OF_POOL,
    FACTS_OF_PROVIDER,
    canonical,
    is_set,
)
from cognito_standby.configuration.domain.document import (
    POOL,
    Fields,
    Items,
    PoolConfiguration,
    Section,
)
from cognito_standby.configuration.domain.secret_fields import provider_without_secrets
from cognito_standby.configuration.ports import PoolGoneError
from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.aws_errors import code_of, to_standby_error

_PATIENT = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "adaptive", "total_max_attempts": 8}
)
"""A pool may have a thousand clients, and what tells of them is asked some 15 times a second."""
_MOST = 60
"""On a page, of most listings; resource servers: 50."""


def reader_in(region: str | None, now: Callable[[], datetime]) -> CognitoConfigurationReader:
    """Of the pools of a Region; None: the environment's."""
    return CognitoConfigurationReader(
        clients.of("cognito-idp", region, _PATIENT), clients.of("wafv2", region, _PATIENT), now
    )


class CognitoConfigurationReader:
    """ConfigurationReader."""

    def __init__(self, cognito: Any, waf: Any, now: Callable[[], datetime]) -> None:
        self._cognito = cognito
        self._waf = waf
        self._now = now

    def read(self, user_pool_id: str) -> PoolConfiguration:
        """Some ten requests and five for each client. A pool that is deleted meanwhile answers
        the rest with "not there", so it is asked for again at the end."""
        told = self._pool(user_pool_id)
        questions = Questions()
        reading = _Reading(self._cognito, self._waf, user_pool_id, questions)
        sections = {**_of_pool(told), **reading.beside(), **reading.of_pool(told)}
        sections |= ClientReading(self._cognito, user_pool_id, questions).sections()
        self._pool(user_pool_id)
        _, _, _, region, account, _ = str(told["Arn"]).split(":", 5)
        return PoolConfiguration(
            user_pool_id,
            region,
            account,
            self._now().isoformat(timespec="seconds"),
            {section: sections[section] for section in Section if sections.get(section)},
            tuple(sorted(questions.unread, key=lambda each: (each.section, each.item))),
        )

    def _pool(self, user_pool_id: str) -> Mapping[str, Any]:
        try:
            answer = self._cognito.describe_user_pool(UserPoolId=user_pool_id)
        except ClientError as error:
            if code_of(error) == NOT_THERE:
                raise PoolGoneError(f"there is no pool {user_pool_id}") from None
            raise to_standby_error(error) from None
        except BotoCoreError as error:
            raise to_standby_error(error) from None
        told: Mapping[str, Any] = answer["UserPool"]
        return told


def _of_pool(told: Mapping[str, Any]) -> dict[Section, Items]:
    """The sections that DescribeUserPool tells."""
    schema = {str(each["Name"]): each for each in told.get("SchemaAttributes") or ()}
    triggers = {
        slot: {"LambdaArn": each} if isinstance(each, str) else canonical(each)
        for slot, each in (told.get("LambdaConfig") or {}).items()
        if is_set(each)
    }
    return {
        Section.POOL: {POOL: _pool_itself(told)},
        Section.ATTRIBUTES: {
            name: canonical({key: field for key, field in each.items() if key != "Name"})
            for name, each in sorted(schema.items())
        },
        Section.TRIGGERS: dict(sorted(triggers.items())),
        Section.TAGS: {
            key: {"Value": value} for key, value in sorted((told.get("UserPoolTags") or {}).items())
        },
    }


def _pool_itself(told: Mapping[str, Any]) -> Fields:
    """How long an invitation counts has two names, of which CreateUserPool refuses the old one
    beside the new one."""
    fields = canonical(told, FACTS_OF_POOL)
    passwords = (fields.get("Policies") or {}).get("PasswordPolicy") or {}
    if "TemporaryPasswordValidityDays" not in passwords:
        return fields
    inviting = dict(fields.get("AdminCreateUserConfig") or {})
    inviting.pop("UnusedAccountValidityDays", None)
    rest = {key: each for key, each in fields.items() if key != "AdminCreateUserConfig"}
    return dict(
        sorted({**rest, **({"AdminCreateUserConfig": inviting} if inviting else {})}.items())
    )


class _Reading:
    """What lies beside the pool itself."""

    def __init__(self, cognito: Any, waf: Any, user_pool_id: str, questions: Questions) -> None:
        self._cognito = cognito
        self._waf = waf
        self._id = user_pool_id
        self._questions = questions

    def beside(self) -> dict[Section, Items]:
        """All that is asked by the pool's id alone. Groups that Cognito made for providers are
        made with the provider, and their names begin with the pool's id."""
        servers = self._pages(Section.RESOURCE_SERVERS, "list_resource_servers", "ResourceServers")
        groups = self._pages(Section.GROUPS, "list_groups", "Groups", limit="Limit")
        own = [e for e in groups if not str(e["GroupName"]).startswith(f"{self._id}_")]
        return {
            Section.MFA: self._mfa(),
            Section.RESOURCE_SERVERS: _by_name(servers, "Identifier"),
            Section.PROVIDERS: self._providers(),
            Section.GROUPS: _by_name(own, "GroupName"),
            Section.LOGS: self._logs(),
            Section.CLIENT_METADATA: self._client_metadata(),
            Section.REPLICAS: self._replicas(),
        }

    def of_pool(self, told: Mapping[str, Any]) -> dict[Section, Items]:
        """What is asked by the pool's domains, and by its ARN."""
        names = [str(told[key]) for key in ("Domain", "CustomDomain") if told.get(key)]
        domains = {}
        for name in sorted(names):
            if answer := self._ask(Section.DOMAINS, name, "describe_user_pool_domain", Domain=name):
                described = canonical(answer.get("DomainDescription") or {}, FACTS_OF_DOMAIN)
                domains[name] = {**described, "Custom": name == told.get("CustomDomain")}
        return {Section.DOMAINS: domains, Section.WEB_ACL: self._web_acl(str(told["Arn"]))}

    def _mfa(self) -> Items:
        answer = self._ask(Section.MFA, POOL, "get_user_pool_mfa_config", UserPoolId=self._id)
        return {POOL: _answered(answer)} if answer else {}

    def _providers(self) -> Items:
        found = {}
        for each in self._pages(Section.PROVIDERS, "list_identity_providers", "Providers"):
            name = str(each["ProviderName"])
            request = {"UserPoolId": self._id, "ProviderName": name}
            answer = self._ask(Section.PROVIDERS, name, "describe_identity_provider", **request)
            if answer:
                found[name] = _provider(answer["IdentityProvider"])
        return dict(sorted(found.items()))

    def _logs(self) -> Items:
        answer = self._ask(
            Section.LOGS, POOL, "get_log_delivery_configuration", UserPoolId=self._id
        )
        told = (answer or {}).get("LogDeliveryConfiguration") or {}
        return _by_name(told.get("LogConfigurations") or (), "EventSource")

    def _client_metadata(self) -> Items:
        found = {}
        section = Section.CLIENT_METADATA
        for each in self._pages(section, "list_cimd_policies", "CIMDPolicies"):
            request = {"UserPoolId": self._id, "CIMDPolicyId": each["CIMDPolicyId"]}
            name = str(each["PolicyName"])
            if answer := self._ask(section, name, "describe_cimd_policy", **request):
                found[name] = canonical(answer["CIMDPolicy"], {"PolicyName"})
        return found

    def _replicas(self) -> Items:
        pages = self._pages(
            Section.REPLICAS, "list_user_pool_replicas", "UserPoolReplicas", limit=""
        )
        return _by_name(pages, "RegionName", "UserPoolArn")

    def _web_acl(self, arn: str) -> Items:
        answer = self._questions.ask(
            Section.WEB_ACL, POOL, lambda: self._waf.get_web_acl_for_resource(ResourceArn=arn)
        )
        found = ((answer or {}).get("WebACL") or {}).get("ARN")
        return {POOL: {"WebACLArn": str(found)}} if found else {}

    def _ask(self, section: Section, item: str, call: str, **request: Any) -> Any:
        made = getattr(self._cognito, call)
        return self._questions.ask(section, item, lambda: made(**request))

    def _pages(
        self, section: Section, call: str, name: str, *, limit: str = "MaxResults"
    ) -> list[Mapping[str, Any]]:
        most = 50 if section is Section.RESOURCE_SERVERS else _MOST
        request = {"UserPoolId": self._id, **({limit: most} if limit else {})}
        made = getattr(self._cognito, call)
        return list(self._questions.pages(section, made, name, **request))


def _by_name(entries: Any, key: str, *without: str) -> dict[str, Fields]:
    found = {str(each[key]): canonical(each, {key, *without}) for each in entries}
    return dict(sorted(found.items()))


def _answered(answer: Mapping[str, Any]) -> Fields:
    return canonical(answer, {"ResponseMetadata"})


def _provider(told: Mapping[str, Any]) -> Fields:
    hidden = provider_without_secrets(told)
    details = {
        name: each
        for name, each in hidden["ProviderDetails"].items()
        if name not in FACTS_OF_PROVIDER
    }
    return canonical({**hidden, "ProviderDetails": details}, {"ProviderName"})
