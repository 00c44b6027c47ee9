"""Gap: a user pool's Lambda triggers do not fire, or their failures are ignored.

Cognito invokes the functions of a pool's `LambdaConfig` synchronously (Amazon Cognito developer
guide, "Customizing user pool workflows with Lambda triggers", and the page of each trigger):

* PreSignUp: SignUp, AdminCreateUser; refuses, or confirms and verifies a sign-up.
* PostConfirmation: see `post_confirmation`.
* UserMigration: a password sign-in or ForgotPassword of somebody unknown; see `migration`.
* PreAuthentication, PostAuthentication: the first call of a sign-in, and its success.
* PreTokenGeneration: once for each set of tokens, those of renewed sessions included.
* CustomMessage: before a code or an invitation is sent.

A function has 5 seconds and is called up to three times when it does not answer in time. What it
raises reaches the caller as UserLambdaValidationException, what keeps it from running as
UnexpectedLambdaException, an answer without `response` as InvalidLambdaResponseException.

Limits: a call waits for a free worker before its 5 seconds start (on AWS there is always one).
Managed login fires PreTokenGeneration and PostAuthentication only. That the user of a sign-up
stays when CustomMessage refuses, and that nobody disabled or unconfirmed reaches
PreAuthentication, are readings of ours. V3_0 fires for client credentials as the emulator does it.
"""

from local.gaps.triggers.installing import install
from local.gaps.triggers.invoking import Invoker, admitted
from local.gaps.triggers.migration import UserMigration
from local.gaps.triggers.post_confirmation import PostConfirmation

__all__ = ["Invoker", "PostConfirmation", "UserMigration", "admitted", "install"]
