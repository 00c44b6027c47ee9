"""Why a pool does not show a field as the winner has it: every reason there is.

Noted in the ledger for each field (`LedgerRow.skipped`), in the outcome of a step, and in the table
of docs/fidelity.md, which a test holds against these. The texts are stored, so that one of another
release may be none of these.
"""

from __future__ import annotations

from enum import StrEnum


class NotHeld(StrEnum):
    """A reason, as an operator reads it."""

    NOT_IN_SCHEMA = "not in the pool's schema"
    IMMUTABLE = "immutable, and the user exists"
    REQUIRED = "required by the pool's schema"
    MADE_USERNAME = "the pool makes usernames itself"
    FIXED_USERNAME = "a username cannot change"
    TAKEN = "another user signs in with this address"
    """Why an unverified address stays out. Unless marked as verified, it could only be set by a
    call that sends its owner a code, and marking it would take it from them."""
    OTHER_ADDRESS = "about an address that the pool does not hold"
    TOO_LONG = "longer than the pool's schema allows"
    TOO_SHORT = "shorter than the pool's schema allows"
    WRONG_TYPE = "of another type than in the pool's schema"
    OUT_OF_RANGE = "outside the range of the pool's schema"
    REFUSED = "the pool refuses this value"
    PROVIDERS_GROUP = "Cognito made the group for a provider of one pool"
    UNMAPPED_ROLE = "the group's IAM role is not mapped for this Region"
    CANNOT_UNSET = "Cognito can set it, and never unset it"
    FEDERATED = "federated: only a sign-in through the provider makes the user"
    FORMER_COPY = "federated, and a native user whom an earlier release made has the name"
    AMBIGUOUS = "federated, and more than one could be meant: nobody is linked"
    NO_PROVIDER = "the pool has no identity provider of this name"
    LINK_REFUSED = "the pool refuses to link the identity"
    PROVIDERS_LINK = "linked to a provider's user, whose links stay in one pool"
    NEEDS_ENROLMENT = "needs enrolment: the secret is the person's"
    NOT_OFFERED = "the pool does not offer this second factor"
    NO_ADDRESS_FOR_CODES = "the pool does not hold the address that its codes go to"
    BLOCKS_RECOVERY = "it would lock the person out of recovery"
    CODES_INSTEAD = "people sign in by a one-time code here, which excludes second factors"
    MFA_REQUIRED = "the pool requires MFA: none is turned off"
    ONLY_HERE = "turned on in this pool, and in no record"
    STAGED = "federated, and staged: a profile of the pool's own that is linked to the identity"
    NOT_STAGED = (
        "federated, and not staged: addresses are usernames, or custom:origin_sub is missing"
    )
    LEFT_TO_SIGN_IN = "left to the first sign-in of a staged user"
    PAIRWISE = "the provider has another subject for the person in this pool"
    PROVIDERS_NAME = "named as an identity provider's users are: it would keep one of them out"
    NO_NAME = "no name by which the pool could sign the user in"
    AWAITED = "awaited: made from the record when they first come"
    LIKE_AN_ADDRESS = "the username looks like an address, which is an alias here"
