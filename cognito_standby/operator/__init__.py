"""What an operator asks of an installation: status, redrive, resend, runs."""
