"""What the commands of `standby` show."""
