"""What requests need that only look at what others have set up: stacks, and web ACLs."""

from __future__ import annotations

from local.rights.model import Access, UnknownToJudgeError
from local.rights.needs.things import Parameters
from local.rights.surroundings import Place


def on_stacks(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A stack by its name; the end of its ARN is CloudFormation's own."""
    if operation != "DescribeStacks" or not parameters.get("StackName"):
        raise UnknownToJudgeError(f"the operation cloudformation {operation}")
    name = str(parameters["StackName"])
    arn = name if name.startswith("arn:") else place.arn("cloudformation", f"stack/{name}/0")
    return (Access("cloudformation:DescribeStacks", arn),)


def on_web_acls(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """AWS WAF developer guide, "Permissions for GetWebACLForResource": also a right on the user
    pool. The one on the web ACL itself, where there is one, is not judged."""
    if operation != "GetWebACLForResource":
        raise UnknownToJudgeError(f"the operation wafv2 {operation}")
    pool = parameters["ResourceArn"]
    return (
        Access("wafv2:GetWebACLForResource", pool),
        Access("cognito-idp:GetWebACLForResource", pool),
    )
