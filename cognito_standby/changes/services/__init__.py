"""The steps of `apply_admin_change`, and the Admin API's own part, on ports."""
