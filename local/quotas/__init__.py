"""What an AWS account refuses although nothing is wrong: its quotas."""
