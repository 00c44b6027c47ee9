"""What requests to the other services need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.rights.model import Access, Context, UnknownToJudgeError, context_of
from local.rights.surroundings import Place

Parameters = Mapping[str, Any]

WITHOUT_RIGHTS = frozenset(
    {
        *("AssociateSoftwareToken", "ChangePassword", "CompleteWebAuthnRegistration"),
        *("ConfirmDevice", "ConfirmForgotPassword", "ConfirmSignUp", "DeleteUser"),
        *("DeleteUserAttributes", "DeleteWebAuthnCredential", "ForgetDevice", "ForgotPassword"),
        *("GetDevice", "GetTokensFromRefreshToken", "GetUser"),
        *("GetUserAttributeVerificationCode", "GetUserAuthFactors", "GlobalSignOut"),
        *("InitiateAuth", "ListDevices", "ListUserSessions", "ListWebAuthnCredentials"),
        *("ResendConfirmationCode", "RespondToAuthChallenge", "RevokeToken", "RevokeUserSession"),
        *("SetUserMFAPreference", "SetUserSettings"),
        *("SignUp", "StartWebAuthnRegistration", "UpdateAuthEventFeedback"),
        *("UpdateDeviceStatus", "UpdateUserAttributes", "VerifySoftwareToken"),
        "VerifyUserAttribute",
    }
)
"""Operations of Cognito that IAM does not judge: the user's token or password does, or nothing
(developer guide, "Amazon Cognito user pools authenticated and unauthenticated API operations")."""

_BY_EXECUTION = {"DescribeExecution", "GetExecutionHistory", "StopExecution", "RedriveExecution"}
_BY_EXECUTION |= {"DescribeStateMachineForExecution", "ListMapRuns"}
_BY_MACHINE = {"StartExecution", "StartSyncExecution", "DescribeStateMachine"}
_OF_TOKENS = {"SendTaskSuccess", "SendTaskFailure", "SendTaskHeartbeat", "ListStateMachines"}
_TRACES = {"PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"}


_OF_ACCOUNT = (
    *("CreateUserPool", "ListUserPools", "GetProvisionedLimit", "UpdateProvisionedLimit"),
    "DescribeUserPoolDomain",
)
"""Of no pool in particular."""


def on_pools(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A pool is known by its id; a user is no resource."""
    if operation in WITHOUT_RIGHTS:
        return ()
    if operation in _OF_ACCOUNT:
        given = _told_of_tags(parameters.get("UserPoolTags") or {})
        return (Access(f"cognito-idp:{operation}", "*", given),)
    if operation in ("TagResource", "UntagResource", "ListTagsForResource"):
        given = _told_of_tags(
            parameters.get("Tags") or dict.fromkeys(parameters.get("TagKeys", ()))
        )
        return (Access(f"cognito-idp:{operation}", parameters["ResourceArn"], given),)
    pool = place.arn("cognito-idp", f"userpool/{parameters['UserPoolId']}")
    needed = Access(f"cognito-idp:{operation}", pool)
    if operation in ("CreateGroup", "UpdateGroup") and parameters.get("RoleArn"):
        # Whoever gives a group a role passes it on (IAM User Guide, "Grant a user permissions to
        # pass a role to an AWS service").
        return (needed, Access("iam:PassRole", parameters["RoleArn"]))
    if operation == "CreateUserImportJob":
        to = context_of({"iam:PassedToService": "cognito-idp.amazonaws.com"})
        return (needed, Access("iam:PassRole", parameters["CloudWatchLogsRoleArn"], to))
    return (needed,)


def _told_of_tags(tags: Mapping[str, Any]) -> Context:
    """Tags that a request gives, or takes away: then it tells their keys alone."""
    if not tags:
        return {}
    given = {f"aws:RequestTag/{name}": value for name, value in tags.items() if value is not None}
    return context_of(given, {"aws:TagKeys": tuple(tags)})


def on_machines(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """An execution's ARN is not its machine's: `states:RedriveExecution` on a machine allows
    nothing. A task token names nothing that a policy could."""
    if operation in _OF_TOKENS:
        return (Access(f"states:{operation}", "*"),)
    if operation in _BY_MACHINE:
        return (Access(f"states:{operation}", parameters["stateMachineArn"]),)
    if operation in _BY_EXECUTION:
        return (Access(f"states:{operation}", parameters["executionArn"]),)
    if operation in ("DescribeMapRun", "UpdateMapRun"):
        return (Access(f"states:{operation}", parameters["mapRunArn"]),)
    if operation == "ListExecutions":
        of = parameters.get("stateMachineArn") or parameters.get("mapRunArn")
        if of:
            return (Access("states:ListExecutions", of),)
    raise UnknownToJudgeError(f"the operation stepfunctions {operation}")


def on_replays_and_buses(
    operation: str, parameters: Parameters, place: Place
) -> tuple[Access, ...]:
    """PutEvents needs each entry's bus; a replay its archive."""
    if operation == "PutEvents":
        return tuple(_entry(one, place) for one in parameters["Entries"])
    if operation == "StartReplay":
        return (Access("events:StartReplay", parameters["EventSourceArn"]),)
    if operation in ("DescribeReplay", "CancelReplay"):
        replay = place.arn("events", f"replay/{parameters['ReplayName']}")
        return (Access(f"events:{operation}", replay),)
    if operation == "DescribeArchive":
        archive = place.arn("events", f"archive/{parameters['ArchiveName']}")
        return (Access("events:DescribeArchive", archive),)
    raise UnknownToJudgeError(f"the operation events {operation}")


def _entry(entry: Parameters, place: Place) -> Access:
    name = entry.get("EventBusName") or "default"
    bus = name if name.startswith("arn:") else place.arn("events", f"event-bus/{name}")
    told = {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]}
    return Access("events:PutEvents", bus, context_of(told))


_LOOKS_AT_FUNCTIONS = ("GetFunction", "GetFunctionConfiguration", "GetPolicy")


def on_functions(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A function by its name or its ARN, a version of it by `Qualifier`."""
    if operation not in ("Invoke", "InvokeAsync", *_LOOKS_AT_FUNCTIONS):
        raise UnknownToJudgeError(f"the operation lambda {operation}")
    name, version = parameters["FunctionName"], parameters.get("Qualifier")
    arn = name if name.startswith("arn:") else place.arn("lambda", f"function:{name}")
    action = operation if operation in _LOOKS_AT_FUNCTIONS else "InvokeFunction"
    return (Access(f"lambda:{action}", f"{arn}:{version}" if version else arn),)


def on_logs(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A group is judged as `...:log-group:NAME:log-stream:`, so that a policy's ARN of it must end
    in `:*` (CloudWatch Logs user guide, "CloudWatch Logs resources and operations")."""
    if operation == "DescribeLogGroups":
        return (Access("logs:DescribeLogGroups", "*"),)
    group = place.arn("logs", f"log-group:{parameters['logGroupName']}")
    if operation in ("CreateLogStream", "PutLogEvents", "GetLogEvents"):
        stream = f"{group}:log-stream:{parameters['logStreamName']}"
        return (Access(f"logs:{operation}", stream),)
    if operation in ("CreateLogGroup", "DescribeLogStreams", "FilterLogEvents"):
        return (Access(f"logs:{operation}", f"{group}:log-stream:"),)
    raise UnknownToJudgeError(f"the operation logs {operation}")


def on_metrics(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """Metrics are no resources; a namespace is a condition key."""
    if operation == "PutMetricData":
        told = context_of({"cloudwatch:namespace": parameters["Namespace"]})
        return (Access("cloudwatch:PutMetricData", "*", told),)
    if operation in ("GetMetricData", "GetMetricStatistics", "ListMetrics"):
        return (Access(f"cloudwatch:{operation}", "*"),)
    raise UnknownToJudgeError(f"the operation cloudwatch {operation}")


def on_parameters(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """Of the systems manager. A leading slash of a name is the one of the ARN."""
    if operation not in ("GetParameter", "GetParameters", "PutParameter", "DeleteParameter"):
        raise UnknownToJudgeError(f"the operation ssm {operation}")
    names = parameters["Names"] if operation == "GetParameters" else [parameters["Name"]]
    arns = [place.arn("ssm", f"parameter/{name.removeprefix('/')}") for name in names]
    return tuple(Access(f"ssm:{operation}", arn) for arn in arns)


def on_secrets(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """Of the secrets manager. Named by its name, a secret is judged by its ARN, which ends with six
    characters of the service's own (user guide, "What's in a secret")."""
    if operation not in ("GetSecretValue", "DescribeSecret"):
        raise UnknownToJudgeError(f"the operation secretsmanager {operation}")
    secret = str(parameters["SecretId"])
    arn = (
        secret
        if secret.startswith("arn:")
        else place.arn("secretsmanager", f"secret:{secret}-aBcDeF")
    )
    return (Access(f"secretsmanager:{operation}", arn),)


def on_roles(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """GetCallerIdentity is allowed to everybody, even against a denial (its API reference)."""
    if operation == "GetCallerIdentity":
        return ()
    if operation == "AssumeRole":
        return (Access("sts:AssumeRole", parameters["RoleArn"]),)
    raise UnknownToJudgeError(f"the operation sts {operation}")


def on_traces(operation: str, _: Parameters, __: Place) -> tuple[Access, ...]:
    """X-Ray's actions know no resources."""
    if operation not in _TRACES:
        raise UnknownToJudgeError(f"the operation xray {operation}")
    return (Access(f"xray:{operation}", "*"),)
