"""Gap: second factors and one-time codes, of which the emulator has a token's code alone.

* A pool's MFA settings exclude each other as on AWS (`exclusions`).
* After a right password, after a new one too, the preferred factor is asked for, of several the
  person chooses (SELECT_MFA_TYPE), and where MFA is required whoever has none sets a token up
  (MFA_SETUP). A code by SMS or mail verifies where it went. Sessions belong to a person, a client
  and a challenge, and end after the client's AuthSessionValidity.
* USER_AUTH offers a password, a code by mail or SMS; a code first excludes MFA (`choice`).
* Preferences need what they prefer; GetUserAuthFactors and AdminGetUserAuthFactors answer
  (`preferences`). Passkeys can be marked as there by the control interface.
* CustomMessage is asked before each code.

What is asked of whom is decided in `local.cognito_rules.factors`, which names the sources.

Every code by SMS or mail is `123456`; a token's are real ones.

Limits: only a token can be set up on the way in; nobody signs in with a passkey; a used code of a
token is taken again, and wrong ones are not counted; SignUp and AdminCreateUser always give a
password, and ConfirmSignUp's session does not sign in; CloudFormation's settings are not checked
against each other; a factor that the pool does not offer is refused, and so is turning one off
where MFA is required (the first is a reading of ours); a code first, in FORCE_CHANGE_PASSWORD, asks
for a new password, and in RESET_REQUIRED is refused (readings of ours).
"""

from local.gaps.multi_factor.exclusions import ExclusiveSettings
from local.gaps.multi_factor.installing import install
from local.gaps.multi_factor.passkeys import Passkeys

__all__ = ["ExclusiveSettings", "Passkeys", "install"]
