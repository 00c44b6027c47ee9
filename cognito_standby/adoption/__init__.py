"""What people already have: two pools and their account, looked at before they are used."""
