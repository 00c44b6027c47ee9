"""`python -m cognito_standby.cli`."""

from cognito_standby.cli.main import app

app(prog_name="standby")
