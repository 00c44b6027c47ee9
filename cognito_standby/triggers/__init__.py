"""What Cognito asks while somebody signs up or in: a function for each trigger, made of parts."""
