"""What the machines `fail_over` and `stand_down` and the command do."""
