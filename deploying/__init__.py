"""`make deploy`: how an installation comes to AWS, and what is safe to do from what is found."""
