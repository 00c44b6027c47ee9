"""Rules of Amazon Cognito as the local AWS has them."""
