"""Gap: import jobs are not known.

GetCSVHeader, CreateUserImportJob and its kin (Amazon Cognito API reference; developer guide,
"Importing users into user pools from a CSV file"): the upload by a pre-signed URL, one active job
an account, what each row becomes, and the job's log, written by the role that was passed. The rules
stand in `local/cognito_rules/imports.py`.

Limits: a job goes on when somebody looks at it (DescribeUserImportJob, ListUserImportJobs), some
rows at a time, and takes no time of its own; an imported hash makes CONFIRMED but signs nobody in;
whoever must reset a password is answered NotAuthorizedException at a sign-in, where the guide says
PasswordResetRequiredException whatever they type; the refusals' texts are guesses but for "No csv
file was uploaded" (aws-amplify/amplify-js, issue 6416); no trigger fires, as none is documented for
imports.
"""

from local.gaps.import_jobs.jobs import Jobs
from local.gaps.import_jobs.layer import ImportJobs
from local.gaps.import_jobs.uploads import Uploads

__all__ = ["ImportJobs", "Jobs", "Uploads"]
