"""Groups: which ones belong to one pool alone, and which IAM roles two Regions call the same. Pure.

Cognito makes a group `<pool id>_<provider>` for the people of an identity provider, and keeps its
members itself (developer guide, "Adding groups to a user pool"). Its name names the pool, so in
another pool it would mean nothing, and an administrator's look must not take it for a team.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Roles = Mapping[str, str]
"""The shared name of a role, which is its ARN in the primary Region -> its ARN in this Region.

One role in the records, whichever Region wrote them; what is not mapped keeps its own ARN there.
"""

_PROVIDERS = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+_[0-9A-Za-z]+_.+")
"""The id of a user pool (`us-east-1_AbCdEf123`), and the provider's name behind it. Any pool's:
an older release may have carried one over."""


def is_of_provider(group: str) -> bool:
    """Whether Cognito made the group for a provider, by its name."""
    return _PROVIDERS.fullmatch(group) is not None


def shared_role(arn: str, roles: Roles) -> str:
    """What the records call a role of this Region's pool."""
    return next((shared for shared, here in roles.items() if here == arn), arn)
