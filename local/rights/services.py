"""The catalogue's tables: types of resources, and actions with their types and condition keys.

Source: AWS service authorization reference, one page a service. A line of ACTIONS is
`actions | types of resources | condition keys`; an action without a type knows only `*`.
"""

from __future__ import annotations

_ANY = r"[^:]*"
_NAME = r"[^:/]+"


def _arn(service: str, rest: str, *, region: bool = True, account: bool = True) -> str:
    where = _ANY if region else ""
    whose = _ANY if account else ""
    return rf"arn:[a-z-]+:{service}:{where}:{whose}:{rest}"


_ROLE = _arn("iam", r"role/.+", region=False)

KINDS: dict[str, str] = {
    "apigateway:account": _arn("apigateway", r"/account", account=False),
    "cloudformation:stack": _arn("cloudformation", r"stack/.+"),
    "cloudwatch:alarm": _arn("cloudwatch", r"alarm:.+"),
    "cognito-idp:userpool": _arn("cognito-idp", rf"userpool/{_NAME}"),
    "dynamodb:table": _arn("dynamodb", rf"table/{_NAME}"),
    "dynamodb:index": _arn("dynamodb", rf"table/{_NAME}/index/{_NAME}"),
    "dynamodb:stream": _arn("dynamodb", rf"table/{_NAME}/stream/.+"),
    "events:event-bus": _arn("events", r"event-bus/.+"),
    "events:archive": _arn("events", rf"archive/{_NAME}"),
    "events:replay": _arn("events", rf"replay/{_NAME}"),
    "execute-api:api": _arn("execute-api", r".+"),
    "iam:role": _ROLE,
    "kms:key": _arn("kms", r"key/.+"),
    "lambda:function": _arn("lambda", rf"function:{_NAME}"),
    "lambda:version": _arn("lambda", rf"function:{_NAME}:{_NAME}"),
    "logs:log-group": _arn("logs", r"log-group:[^:]+(:\*|:log-stream:)?"),
    "logs:log-stream": _arn("logs", r"log-group:[^:]+:(log-stream:.+|\*)"),
    "s3:bucket": _arn("s3", _NAME, region=False, account=False),
    "s3:object": _arn("s3", rf"{_NAME}/.+", region=False, account=False),
    "secretsmanager:secret": _arn("secretsmanager", r"secret:.+"),
    "sns:topic": _arn("sns", _NAME),
    "sqs:queue": _arn("sqs", _NAME),
    "ssm:parameter": _arn("ssm", r"parameter/.+"),
    "states:execution": _arn("states", rf"execution:{_NAME}:.+"),
    "states:express": _arn("states", rf"express:{_NAME}:.+"),
    "states:maprun": _arn("states", rf"mapRun:{_NAME}/.+"),
    "states:labelled": _arn("states", rf"execution:{_NAME}/.+"),
    "states:statemachine": _arn("states", rf"stateMachine:{_NAME}(:{_NAME})?"),
    "sts:role": _ROLE,
    "wafv2:userpool": _arn("cognito-idp", rf"userpool/{_NAME}"),
    "wafv2:webacl": _arn("wafv2", r"regional/webacl/.+"),
}
"""Type -> regular expression of its ARNs. `states:labelled` are the executions that a Distributed
Map starts (Step Functions developer guide, "IAM policies for using Distributed Map")."""

_POOL_S = ("aws:ResourceTag/",)
KIND_KEYS: dict[str, tuple[str, ...]] = {
    "cognito-idp:userpool": _POOL_S,
    "wafv2:userpool": _POOL_S,  # the same pool with the same tags; no policy of ours asks for them
}
"""Type -> condition keys of its resources, for all actions on one; with a slash at the end: one for
each of its tags."""

_TAGGED = "aws:RequestTag/ aws:TagKeys"
"""What a request says of the tags that it gives."""

_KEYED = "dynamodb:LeadingKeys dynamodb:ReturnConsumedCapacity"
_READ = f"{_KEYED} dynamodb:EnclosingOperation"
_WRITTEN = f"{_READ} dynamodb:ReturnValues"
_SEARCH = "dynamodb:LeadingKeys dynamodb:Select dynamodb:ReturnConsumedCapacity"

_ENCRYPTED = (
    "kms:EncryptionContext:aws:sqs:arn kms:EncryptionContext:aws:logs:arn "
    "kms:EncryptionContext:aws:events:event-bus:arn"
)
"""A queue's is told (`keys_behind`). Log groups and archives are encrypted by their services, whom
nobody here judges; no other request carries theirs."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "apigateway": ("GET PATCH | account",),
    "cloudformation": ("DescribeStacks DescribeStackResources ListStackResources | stack",),
    "cloudwatch": (
        "PutMetricData | | cloudwatch:namespace",
        "GetMetricData GetMetricStatistics ListMetrics",
        "DescribeAlarms | alarm",
    ),
    "cognito-idp": (
        "AdminAddUserToGroup AdminConfirmSignUp AdminCreateUser AdminDeleteUser | userpool",
        "AdminDeleteUserAttributes AdminDisableProviderForUser AdminDisableUser | userpool",
        "AdminEnableUser AdminGetDevice AdminGetUser AdminInitiateAuth | userpool",
        "AdminLinkProviderForUser AdminListDevices AdminListGroupsForUser | userpool",
        "AdminListUserAuthEvents AdminRemoveUserFromGroup AdminResetUserPassword | userpool",
        "AdminRespondToAuthChallenge AdminSetUserMFAPreference AdminSetUserPassword | userpool",
        "AdminUpdateUserAttributes AdminUserGlobalSignOut | userpool",
        "CreateGroup DeleteGroup GetGroup UpdateGroup ListGroups ListUsersInGroup | userpool",
        "DescribeUserPool ListUsers UpdateUserPool DeleteUserPool | userpool",
        "CreateUserPoolClient DescribeUserPoolClient UpdateUserPoolClient | userpool",
        "DeleteUserPoolClient ListUserPoolClients AddCustomAttributes | userpool",
        "GetUserPoolMfaConfig SetUserPoolMfaConfig ListPointInTimeRecoveries | userpool",
        "AdminGetUserAuthFactors CreateIdentityProvider DeleteIdentityProvider | userpool",
        "DescribeIdentityProvider GetIdentityProviderByIdentifier | userpool",
        "ListIdentityProviders UpdateIdentityProvider | userpool",
        "CreateUserImportJob DescribeUserImportJob GetCSVHeader | userpool",
        "ListUserImportJobs StartUserImportJob StopUserImportJob | userpool",
        f"CreateUserPool | | {_TAGGED}",
        f"TagResource | userpool | {_TAGGED}",
        "UntagResource | userpool | aws:TagKeys",
        "ListTagsForResource | userpool",
        "DescribeManagedLoginBrandingByClient DescribeRiskConfiguration ListTerms | userpool",
        "DescribeTerms DescribeCIMDPolicy ListCIMDPolicies ListResourceServers | userpool",
        "GetLogDeliveryConfiguration GetUICustomization ListUserPoolReplicas | userpool",
        "GetUserPoolSessionConfiguration GetUserPoolClientSessionConfiguration | userpool",
        "GetWebACLForResource | userpool",
        "ListUserPools GetProvisionedLimit UpdateProvisionedLimit DescribeUserPoolDomain",
    ),
    "dynamodb": (
        f"GetItem | table | {_READ}",
        f"PutItem UpdateItem DeleteItem | table | {_WRITTEN}",
        f"ConditionCheckItem | table | {_KEYED} dynamodb:ReturnValues",
        f"BatchGetItem BatchWriteItem | table | {_KEYED}",
        f"Query | table index | {_SEARCH}",
        "Scan | table index | dynamodb:Select dynamodb:ReturnConsumedCapacity",
        "DescribeTable DescribeTimeToLive DescribeContinuousBackups | table",
        "CreateTable UpdateTable DeleteTable UpdateTimeToLive | table",
        "AssociateTableReplica ReadDataForReplication WriteDataForReplication | table",
        "ReplicateSettings | table",
        "RestoreTableToPointInTime | table",
        "DescribeStream GetRecords GetShardIterator | stream",
        "ListStreams ListTables",
    ),
    "events": (
        "PutEvents | event-bus | events:source events:detail-type",
        "DescribeArchive | archive",
        "StartReplay | archive event-bus replay",
        "DescribeReplay CancelReplay | replay",
    ),
    "execute-api": ("Invoke | api",),
    "iam": ("PassRole | role | iam:PassedToService", "GetRole | role"),
    "kms": (
        f"Decrypt Encrypt GenerateDataKey | key | kms:ViaService {_ENCRYPTED}",
        "DescribeKey | key | kms:ViaService",
        "GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo | key | "
        f"kms:ViaService {_ENCRYPTED}",
        f"CreateGrant | key | kms:ViaService kms:GrantIsForAWSResource {_ENCRYPTED}",
    ),
    "lambda": ("InvokeFunction | function version", "GetFunction | function"),
    "logs": (
        "CreateLogGroup DescribeLogStreams FilterLogEvents | log-group",
        "CreateLogStream PutLogEvents GetLogEvents | log-stream",
        "DescribeLogGroups",
        "CreateLogDelivery DeleteLogDelivery GetLogDelivery ListLogDeliveries",
        "UpdateLogDelivery DescribeResourcePolicies PutResourcePolicy",
    ),
    "s3": (
        "ListBucket ListBucketVersions | bucket | s3:prefix",
        "ListBucketMultipartUploads GetBucketAcl GetBucketLocation GetBucketVersioning | bucket",
        "GetObject GetObjectVersion DeleteObject DeleteObjectVersion | object",
        "PutObject | object | s3:x-amz-acl s3:x-amz-server-side-encryption",
        "AbortMultipartUpload ListMultipartUploadParts | object",
    ),
    "secretsmanager": ("GetSecretValue DescribeSecret | secret",),
    "sns": ("Publish | topic", "GetTopicAttributes Subscribe | topic"),
    "sqs": (
        "SendMessage ReceiveMessage DeleteMessage ChangeMessageVisibility | queue",
        "GetQueueAttributes SetQueueAttributes GetQueueUrl PurgeQueue | queue",
        "ListQueues",
    ),
    "ssm": ("GetParameter GetParameters PutParameter DeleteParameter | parameter",),
    "states": (
        "StartExecution StartSyncExecution DescribeStateMachine | statemachine",
        "ListExecutions | statemachine maprun",
        "DescribeExecution | execution labelled express",
        "GetExecutionHistory StopExecution RedriveExecution | execution labelled",
        "DescribeStateMachineForExecution | execution",
        "DescribeMapRun UpdateMapRun | maprun",
        "ListMapRuns | execution",
        "SendTaskSuccess SendTaskFailure SendTaskHeartbeat ListStateMachines",
    ),
    "sts": ("AssumeRole | role | sts:ExternalId", "GetCallerIdentity"),
    "wafv2": ("GetWebACLForResource | userpool webacl", "GetWebACL | webacl"),
    "xray": (
        "PutTraceSegments PutTelemetryRecords GetSamplingRules GetSamplingTargets",
        "GetSamplingStatisticSummaries",
    ),
}
"""Service -> its actions."""
