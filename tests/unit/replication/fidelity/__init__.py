"""Is a user of the standby pool the same person? Pool modes x what happens x what people have."""
