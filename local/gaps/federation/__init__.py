"""Gap: there is no managed login, so nobody comes through an identity provider.

`POST /_local/sign-ins` plays what happens once a provider has vouched for somebody: the person with
this subject and these claims signs in through this provider. A first sign-in asks PreSignUp
(`PreSignUp_ExternalProvider`), makes the profile `<Provider>_<subject>` (EXTERNAL_PROVIDER, without
a password, with `identities`, in the provider's group) and fires PostConfirmation; each one writes
the mapped attributes, and tokens are made after PostAuthentication and PreTokenGeneration
(`TokenGeneration_HostedAuth`). A linked identity lands in the profile that it was linked to; a
native user who has the profile's name keeps the person out.

Providers' names, links and identities are refused where AWS refuses them, and a deleted user's
links end. What is decided is in `local.cognito_rules.federation`, which names the sources.

Limits: PreAuthentication does not fire; a sign-in counts towards no quota, reaches no CloudTrail,
and no recovery of a pool takes it back; an app client that names no providers supports all; an
address that signs in is not compared with those of people who come through a provider; the issuer
of an identity is null. That a link by an attribute becomes one by the subject at the first sign-in
follows from AdminDisableProviderForUser.
"""

from local.gaps.federation.installing import install
from local.gaps.federation.sign_in import ProviderSignIn

__all__ = ["ProviderSignIn", "install"]
