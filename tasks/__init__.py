"""One Lambda function per file, thin: parse, call a service, report, answer."""
