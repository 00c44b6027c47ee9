"""ARNs of what is named by us and made later, so that nothing has to wait for anything."""

from __future__ import annotations

from aws_cdk import ArnFormat, Stack

from stacks.names import Names


def machine_arn(stack: Stack, names: Names, name: str) -> str:
    """Of a state machine in the stack's Region."""
    return _states(stack, "stateMachine", names.machine(name))


def executions_arn(stack: Stack, names: Names, name: str) -> str:
    """Of all executions of a state machine."""
    return _states(stack, "execution", f"{names.machine(name)}:*")


def children_arn(stack: Stack, names: Names, name: str) -> str:
    """Of all children of a state machine's Distributed Maps."""
    return _states(stack, "execution", f"{names.machine(name)}/*")


def names_key_arn(stack: Stack, names: Names) -> str:
    """Of the secret in the stack's Region. Secrets Manager ends each ARN with a hyphen and six
    characters of its own, which nobody knows beforehand (user guide, "What's in a secret")."""
    return stack.format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name=f"{names.names_secret}-??????",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )


def parameter_arn(stack: Stack, names: Names) -> str:
    """Of the parameter that says which pool is active, in the stack's Region."""
    name = names.active_parameter.removeprefix("/")
    return stack.format_arn(service="ssm", resource="parameter", resource_name=name)


def past_tables_arn(stack: Stack, names: Names) -> str:
    """Of all tables of a time. Each is named after its restore; nothing else begins so."""
    return stack.format_arn(
        service="dynamodb", resource="table", resource_name=f"{names.past_tables}*"
    )


def stack_arn(stack: Stack, names: Names) -> str:
    """Of the Region's own stack, by its name: an id of its own would be a reference to itself."""
    name = f"{names.stack(stack.region)}/*"
    return stack.format_arn(service="cloudformation", resource="stack", resource_name=name)


def _states(stack: Stack, resource: str, name: str) -> str:
    return stack.format_arn(
        service="states",
        resource=resource,
        resource_name=name,
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
