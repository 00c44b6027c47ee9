"""What several commands of `standby` show, and what is too long for the file of one."""
