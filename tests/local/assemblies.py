"""A small two-Region cloud assembly, written by hand as the CDK would synthesize it."""

import json
from pathlib import Path
from typing import Any

ACCOUNT, PRIMARY, BACKUP = "111111111111", "us-east-1", "ap-northeast-1"
TABLE, QUALIFIER = "trial-records", "/cdk-bootstrap/local/version"
STREAM_ARN = """
import json, os, urllib.request
import boto3

def handler(event, context):
    status, data, reason = "SUCCESS", {}, "ok"
    try:
        if event["RequestType"] != "Delete":
            name = event["ResourceProperties"]["TableName"]
            table = boto3.client("dynamodb").describe_table(TableName=name)["Table"]
            data = {"StreamArn": table["LatestStreamArn"]}
    except Exception as error:
        status, reason = "FAILED", f"{type(error).__name__}: {error}"
    body = {"Status": status, "Reason": reason, "PhysicalResourceId": "stream", "Data": data}
    body |= {k: event[k] for k in ("StackId", "RequestId", "LogicalResourceId")}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(body).encode(), method="PUT")
    urllib.request.urlopen(request, timeout=120)
"""
MACHINE = {
    "QueryLanguage": "JSONata",
    "StartAt": "Keep",
    "States": {"Keep": {"Type": "Pass", "End": True}},
}


def write(directory: Path, *, table: str = TABLE) -> Path:
    """Write the assembly of a data stack and two Region stacks; returns its directory."""
    _write_code(directory)
    artifacts = {"Data": _stack(directory, "Data", PRIMARY, _data(table), [])}
    for role, region in (("primary", PRIMARY), ("backup", BACKUP)):
        name = f"Region-{role}"
        artifacts[name] = _stack(directory, name, region, _region(role, region, table), ["Data"])
    return _write_manifest(directory, artifacts)


def write_two_accounts(directory: Path, accounts: tuple[str, str], *, table: str) -> Path:
    """The same with the backup Region, and a replica of the table, in a second account."""
    _write_code(directory)
    arns, artifacts = _arns(accounts, table), dict[str, Any]()
    of = {"primary": (PRIMARY, accounts[0]), "backup": (BACKUP, accounts[1])}
    for (role, (region, account)), data in zip(of.items(), joined_tables(arns), strict=True):
        stack, after = f"Two-{role}", [] if role == "primary" else ["Two-data-primary"]
        artifacts[f"Two-data-{role}"] = _stack(
            directory, f"Two-data-{role}", region, data, after, account
        )
        regional = _region(role, region, table, account)
        artifacts[stack] = _stack(directory, stack, region, regional, [f"Two-data-{role}"], account)
    return _write_manifest(directory, artifacts)


def write_closed(directory: Path, accounts: tuple[str, str], *, table: str) -> Path:
    """Two tables alone; the first one does not let the second account join."""
    _write_code(directory)
    source, replica = joined_tables(_arns(accounts, table), open_to_second=False)
    artifacts = {
        "Closed": _stack(directory, "Closed", PRIMARY, source, [], accounts[0]),
        "Outside": _stack(directory, "Outside", BACKUP, replica, ["Closed"], accounts[1]),
    }
    return _write_manifest(directory, artifacts)


def _arns(accounts: tuple[str, str], table: str) -> list[str]:
    places = zip((PRIMARY, BACKUP), accounts, strict=True)
    return [f"arn:aws:dynamodb:{region}:{account}:table/{table}" for region, account in places]


def joined_tables(
    arns: list[str], *, open_to_second: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Templates of a table and of its replica in the second account."""
    accounts, name = [arn.split(":")[4] for arn in arns], arns[0].rsplit("/", 1)[-1]
    actions = ("ReadDataForReplication", "WriteDataForReplication", "ReplicateSettings")
    replication = {
        "Effect": "Allow",
        "Principal": {"Service": "replication.dynamodb.amazonaws.com"},
        "Action": [f"dynamodb:{action}" for action in actions],
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": accounts, "aws:SourceArn": arns},
        },
    }
    association = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{accounts[1]}:root"}},
        "Action": "dynamodb:AssociateTableReplica",
        "Resource": "*",
    }
    source = _data(name)["Resources"]["Records"]["Properties"]
    source["Replicas"] = [_own(PRIMARY, replication, *([association] if open_to_second else []))]
    replica = {
        "TableName": name,
        "GlobalTableSourceArn": arns[0],
        "Replicas": [_own(BACKUP, replication)],
    }
    made = {"GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True}}
    return _with_secret(source, **made), _with_secret(replica)


def _with_secret(table: dict[str, Any], **value: Any) -> dict[str, Any]:
    """A template of a table, and of a secret of the same name."""
    kind = {"Type": "AWS::DynamoDB::GlobalTable", "DeletionPolicy": "Retain"}
    secret = {"Name": table["TableName"], **value}
    resources = {
        "Records": {**kind, "Properties": table},
        "Key": {"Type": "AWS::SecretsManager::Secret", "Properties": secret},
    }
    told = {"Value": {"Fn::GetAtt": ["Records", "StreamArn"]}}
    return {"Resources": resources, "Outputs": {"Stream": told}}


def _own(region: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """The one replica of a template."""
    return {
        "Region": region,
        "GlobalTableSettingsReplicationMode": "ENABLED",
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "ResourcePolicy": {
            "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}
        },
    }


def write_broken(directory: Path) -> Path:
    """Write an assembly whose custom resource fails, because its table does not exist."""
    _write_code(directory)
    template = _region("backup", "eu-west-1", "nowhere")
    return _write_manifest(
        directory, {"Broken": _stack(directory, "Broken", "eu-west-1", template, [])}
    )


def _write_code(directory: Path) -> None:
    code, layer = directory / "asset.code", directory / "asset.layer"
    code.mkdir(parents=True, exist_ok=True)
    (code / "index.py").write_text(STREAM_ARN)
    (layer / "python").mkdir(parents=True, exist_ok=True)
    (layer / "python" / "boto3.py").write_text(
        "raise ImportError('a wheel of another architecture')"
    )


def _write_manifest(directory: Path, artifacts: dict[str, Any]) -> Path:
    listings = {
        f"{name}.assets": {
            "type": "cdk:asset-manifest",
            "properties": {"file": f"{name}.assets.json"},
        }
        for name in artifacts
    }
    manifest = {"version": "48.0.0", "artifacts": {**listings, **artifacts}}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory


def _stack(
    directory: Path,
    name: str,
    region: str,
    template: dict[str, Any],
    after: list[str],
    account: str = ACCOUNT,
) -> dict[str, Any]:
    template["Parameters"] = {
        "BootstrapVersion": {
            "Type": "AWS::SSM::Parameter::Value<String>",
            "Default": QUALIFIER,
        }
    }
    (directory / f"{name}.template.json").write_text(json.dumps(template))
    bucket = f"assets-{account}-{region}"
    sources = {f"{name}.template.json": ("file", f"{name}.json")}
    sources |= {"asset.code": ("zip", "code.zip"), "asset.layer": ("zip", "layer.zip")}
    files = {
        path: {
            "source": {"path": path, "packaging": packaging},
            "destinations": {"here": {"bucketName": bucket, "objectKey": key}},
        }
        for path, (packaging, key) in sources.items()
    }
    (directory / f"{name}.assets.json").write_text(json.dumps({"files": files}))
    return {
        "type": "aws:cloudformation:stack",
        "environment": f"aws://{account}/{region}",
        "properties": {"templateFile": f"{name}.template.json", "tags": {"project": "trial"}},
        "dependencies": [*after, f"{name}.assets"],
    }


def _data(table: str) -> dict[str, Any]:
    keys = ("origin_sub", "region")
    properties = {
        "TableName": table,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": k, "AttributeType": "S"} for k in keys],
        "KeySchema": [
            {"AttributeName": k, "KeyType": kind}
            for k, kind in zip(keys, ("HASH", "RANGE"), strict=True)
        ],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True},
        "Replicas": [
            {"Region": region, "DeletionProtectionEnabled": True} for region in (PRIMARY, BACKUP)
        ],
    }
    return {
        "Resources": {"Records": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}
    }


def _region(role: str, region: str, table: str, account: str = ACCOUNT) -> dict[str, Any]:
    bucket = f"assets-{account}-{region}"
    role_arn = f"arn:aws:iam::{account}:role/trial"
    resources = {
        "Layer": {
            "Type": "AWS::Lambda::LayerVersion",
            "Properties": {"Content": {"S3Bucket": bucket, "S3Key": "layer.zip"}},
        },
        "StreamArn": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Architectures": ["arm64"],
                "Handler": "index.handler",
                "Role": role_arn,
                "Timeout": 30,
                "Code": {"S3Bucket": bucket, "S3Key": "code.zip"},
                "Layers": [{"Ref": "Layer"}],
            },
        },
        "Stream": {
            "Type": "Custom::StreamArn",
            "Properties": {
                "ServiceToken": {"Fn::GetAtt": ["StreamArn", "Arn"]},
                "TableName": table,
            },
        },
        "Letters": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "trial-letters"}},
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "trial-bus"}},
        "Archive": {
            "Type": "AWS::Events::Archive",
            "Properties": {
                "SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]},
                "EventPattern": {"source": ["trial"]},
                "RetentionDays": 14,
            },
        },
        "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"TrailName": "trial-trail"}},
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "trial-sync_user",
                "RoleArn": role_arn,
                "DefinitionString": json.dumps(MACHINE),
            },
        },
        "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": f"trial-{role}"}},
        "Client": {
            "Type": "AWS::Cognito::UserPoolClient",
            "Properties": {"UserPoolId": {"Ref": "Pool"}, "ClientName": "app"},
        },
        "Pipe": {"Type": "AWS::Pipes::Pipe", "Properties": _pipe(role_arn, region)},
    }
    values: dict[str, Any] = {
        "Installation": "trial",
        "Region": region,
        "Role": role,
        "UserPoolId": {"Ref": "Pool"},
        "ClientId": {"Ref": "Client"},
        "BusName": {"Ref": "Bus"},
        "DeadLetterQueueUrl": {"Ref": "Letters"},
        "LedgerTable": "trial-ledger",
        "RecordsTable": table,
        "StateMachineSyncUser": {"Ref": "Machine"},
        "StreamArn": {"Fn::GetAtt": ["Stream", "StreamArn"]},
    }
    return {"Resources": resources, "Outputs": {k: {"Value": v} for k, v in values.items()}}


def _pipe(role_arn: str, region: str) -> dict[str, Any]:
    pattern = {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {
            "Keys": {
                "region": {"S": [{"anything-but": [region]}]},
                "origin_sub": {"S": [{"anything-but": {"prefix": "claim#"}}]},
            }
        },
    }
    return {
        "Name": "trial-records",
        "RoleArn": role_arn,
        "Source": {"Fn::GetAtt": ["Stream", "StreamArn"]},
        "SourceParameters": {
            "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)}]},
            "DynamoDBStreamParameters": {
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": 1,
                "MaximumRetryAttempts": 2,
                "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
                "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Letters", "Arn"]}},
            },
        },
        "Target": {"Ref": "Machine"},
        "TargetParameters": {
            "InputTemplate": '{"origin_sub": "<$.dynamodb.Keys.origin_sub.S>"}',
            "StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"},
        },
    }


def reserving(name: str, number: int | None) -> str:
    """A template of one function with a reservation, or without."""
    properties: dict[str, Any] = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/trial",
        "Code": {"ZipFile": "def handler(event, context):\n    return 1\n"},
    }
    if number is not None:
        properties["ReservedConcurrentExecutions"] = number
    return json.dumps(
        {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": properties}}}
    )


def status_of(formation: Any, name: str) -> str:
    """How far a stack is."""
    return str(formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
