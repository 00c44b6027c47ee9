"""Which events of managed login and of the hosted UI are hints, and why.

Their pages are no API calls, so CloudTrail reports them as `AWS Service Event via CloudTrail`. The
names are those of the tables in the Cognito developer guide, "Logging with CloudTrail"; a test
holds them to that list. Which of them names its user is not documented for each: an event without
a sub in one of the two known places is no hint, and what it changed is left to the reconciliation.
So is what a page changes that CloudTrail calls read-only: a trail of write events leaves it out.
"""

from __future__ import annotations

from typing import Final

HINTS: Final[dict[str, str]] = {
    "Confirm_POST": "confirms a user",
    "Confirm_With_Link_GET": "confirms a user, or verifies an address",
    "signup_confirm_POST": "confirms a user",
    "confirmUser_GET": "confirms a user, or verifies an address",
    "Signup_POST": "confirmed at once where a PreSignUp trigger says so",
    "signup_POST": "confirmed at once where a PreSignUp trigger says so",
    "ConfirmForgotPassword_POST": "recovery by e-mail verifies the address",
    "forgotPassword_POST": "recovery by e-mail verifies the address",
    "ResetPassword_POST": "a first password confirms the user, and may come with attributes",
    "verifyCode_POST": "a one-time password shows whose address it is",
    "OAuth2Response_GET": "a provider's attributes are mapped to a linked local user",
    "OAuth2Response_POST": "a provider's attributes are mapped to a linked local user",
    "SAML2Response_POST": "a provider's attributes are mapped to a linked local user",
    "Beta_SAML2Response_POST": "a provider's attributes are mapped to a linked local user",
    "mfa_phone_verify_POST": "the telephone number becomes the user's, and verified",
    "MfaRegister_POST": "the telephone number becomes the user's, and verified",
}
"""Event -> why it can change a record."""

COVERED_BY_TRIGGER: Final = frozenset(
    {
        *("Confirm_POST", "signup_confirm_POST", "Signup_POST", "signup_POST"),
        *("ConfirmForgotPassword_POST", "forgotPassword_POST"),
    }
)
"""The PostConfirmation trigger fires for them; see cloudtrail_operations. Not for links, which
also verify an address of somebody confirmed long ago."""

NO_HINTS: Final = frozenset(
    {
        *("Login_GET", "CognitoAuthentication", "OAuth2_Authorize_GET", "Beta_Authorize_GET"),
        *("Login_OIDC_SAML_POST", "Token_POST", "Beta_Token_POST", "Signup_GET", "Confirm_GET"),
        *("ResendCode_POST", "ForgotPassword_GET", "ForgotPassword_POST", "ResetPassword_GET"),
        *("ConfirmForgotPassword_GET", "Mfa_GET", "Mfa_POST", "MfaOption_GET", "MfaOption_POST"),
        *("MfaRegister_GET", "Logout", "SAML2Logout_POST", "Error_GET", "UserInfo_GET"),
        *("UserInfo_POST", "Event_Feedback_GET", "login_POST", "login_continue_POST"),
        *("selectChallenge_POST", "mfa_back_POST", "mfa_options_POST", "mfa_phone_register_POST"),
        *("mfa_phone_resendCode_POST", "mfa_totp_POST", "passkeys_add_POST", "passkeys_add_GET"),
        "login_passkey_POST",
    }
)
"""Views, sign-ins, codes that are sent, and factors that cannot be carried."""
