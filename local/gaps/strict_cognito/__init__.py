"""Gap: Cognito's refusals.

The emulator stores what it is given. AWS refuses much of it, and code that only ever met the
emulator breaks at the first real pool. Each module here holds the rules of one subject, with the
source of each rule; the layer asks them before the emulator sees the call, and then applies the
side effects that the emulator leaves out.

Limits: names are looked up in their exact case, though conflicts respect the pool's case setting;
request quotas, MFA and federation are not covered; the texts of messages are those observed by
users of the service and are not promised by AWS, the exception names are.
"""

from local.gaps.strict_cognito.layer import StrictCognito

__all__ = ["StrictCognito"]
