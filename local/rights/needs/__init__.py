"""What each request needs: actions and resources, by the kind of thing that it is about."""
