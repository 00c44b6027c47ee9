"""Who executes the commands of docs/runbooks: a test, or nobody and why.

`tests/docs/test_runbooks.py` holds the runbooks to it: a command that is in neither table fails,
and so does an entry that no runbook has, and a page that does not say beside a command that nothing
runs it. `tests/docs/test_runbook_lines.py` runs each line of `standby` as it stands, on twins.
Commands of the AWS CLI are looked up in the SDK's models (`tests/aws_commands.py`).
"""

from __future__ import annotations

_OPERATOR = "tests/e2e/test_operator.py"
_RUNS = "tests/e2e/test_reconcile_commands.py"
_RUN_UNIT = "tests/unit/cli/test_cli_runs.py"
_USER = "tests/e2e/test_user_show.py"
_READY = "tests/unit/cli/test_readiness.py"
_CONFLICTS = "tests/unit/cli/test_conflicts.py"
_CONFLICTS_KEEP = "tests/unit/cli/test_conflicts_keep.py"
_UNDELETE = "tests/unit/cli/test_undelete.py"
_RESTORE = "tests/unit/cli/test_restore.py"
_RESTORE_JOBS = "tests/unit/cli/test_restore_jobs.py"
_LOOK = "tests/e2e/test_preflight.py"
_COMMAND = "tests/unit/preflight/test_command.py"
_FAILOVER = "tests/unit/cli/test_failover.py"
_DRILL = "tests/unit/cli/test_drill.py"
_CONFIG = "tests/unit/cli/test_config.py"
_TABLE = "tests/unit/operator/test_accept_table.py::test_the_confirmed_table_needs_no_answer"

_DOCTOR = "tests/unit/cli/test_doctor.py"
_ATTACH = "tests/unit/cli/test_attach.py"

_INIT = "tests/unit/cli/test_init.py"
_POOL = "standby init --pool us-east-1_aB3dE5fG7"

EXECUTED = {
    "standby attach": f"{_ATTACH}::test_after_a_yes_both_pools_have_what_is_useful",
    "standby attach --only post_confirmation": f"{_ATTACH}::test_one_trigger_of_one_region",
    "standby detach": f"{_ATTACH}::test_only_ours_go_and_the_owners_come_back",
    **dict.fromkeys(
        ("standby attach --dry-run", "standby detach --dry-run"),
        f"{_ATTACH}::test_a_dry_run_shows_and_changes_nothing",
    ),
    "standby init --new --name standby --primary-region us-east-1 --backup-region us-west-2 "
    "--overwrite": f"{_INIT}::test_both_pools_are_made_by_the_stacks",
    f"{_POOL} --backup-region us-west-2 --name standby": f"{_INIT}::test_a_standby_is_proposed",
    f"{_POOL} --backup-pool us-west-2_hI9jK1lM3 --name standby --overwrite": (
        f"{_INIT}::test_two_pools_that_are_there"
    ),
    "standby doctor": "tests/e2e/test_preflight.py::test_the_doctor_looks_at_it_at_any_time",
    "standby doctor --json --fail-on blocks": f"{_DOCTOR}::test_by_the_least_severity",
    "standby doctor --policy": f"{_DOCTOR}::test_the_policy_names_the_two_pools",
    "standby status": f"{_OPERATOR}::test_status_of_both_regions",
    "standby redrive --all": f"{_OPERATOR}::test_redrive_with_a_dark_region_goes_on_in_the_other",
    "standby redrive --all --region us-west-2": f"{_OPERATOR}::test_letters_of_every_kind",
    "standby redrive arn:aws:states:us-west-2:111111111111:execution:standby-sync_user:gone": (
        f"{_OPERATOR}::test_an_execution_that_does_not_exist"
    ),
    "standby resend-events --since 2h": f"{_OPERATOR}::test_resending_twice_changes_nothing",
    "standby reconcile": f"{_RUN_UNIT}::test_both_regions_unless_one_is_named",
    "standby reconcile --region us-east-1": f"{_RUNS}::test_a_second_start_names_the_running_one",
    "standby reconcile --wait": f"{_RUN_UNIT}::test_until_all_is_repaired",
    "standby reconcile --dry-run --wait": (
        f"{_RUN_UNIT}::test_what_is_asked_for_is_what_the_machine_gets"
    ),
    "standby reconcile --follow RUN": (
        f"{_RUNS}::test_approving_shows_the_reasons_and_lets_it_repair"
    ),
    "standby reconcile --seed": f"{_RUNS}::test_seeding_asks_and_fills_both_regions",
    "standby reconcile --resume RUN --wait": f"{_RUN_UNIT}::test_it_is_redriven",
    "standby approve 20261121T163351-ccca4a57": (
        f"{_RUNS}::test_approving_shows_the_reasons_and_lets_it_repair"
    ),
    "standby reject 20261121T163351-ccca4a57 --yes": f"{_RUN_UNIT}::test_the_reasons_come_first",
    "standby reports": f"{_RUN_UNIT}::test_the_list",
    "standby accept-pool": (
        "tests/unit/operator/test_accept_pool.py::test_another_pool_is_accepted_by_a_yes"
    ),
    "standby reports RUN --open": f"{_RUNS}::test_reports_are_listed_and_opened",
    "standby accept-table": _TABLE,
    "standby accept-table --region R --yes": _TABLE,
    "standby user show ann@example.org": f"{_USER}::test_somebody_is_found_by_name_and_sub",
    "standby user show ann@example.org --attributes --clear": (
        f"{_USER}::test_somebody_is_found_by_name_and_sub"
    ),
    "standby user show ann@example.org --json": f"{_USER}::test_somebody_is_found_by_name_and_sub",
    "standby readiness": f"{_READY}::test_each_person_is_told_once_with_what_to_do",
    "standby readiness --all --clear": (
        f"{_READY}::test_a_long_list_is_cut_unless_all_are_asked_for"
    ),
    "standby readiness --json": f"{_READY}::test_ids_are_hashed_unless_clear_ones_are_asked_for",
    "standby readiness --accept provider_only": f"{_READY}::test_a_reason_can_be_accepted",
    "standby conflicts list": f"{_CONFLICTS}::test_the_list_names_fields_and_no_values",
    "standby conflicts show 5c1f9a3bd2e04b7788aa01cc --clear": (
        f"{_CONFLICTS}::test_one_is_shown_beside_the_active_pool"
    ),
    "standby conflicts decide 5c1f9a3bd2e04b7788aa01cc keep": (
        f"{_CONFLICTS}::test_keeping_takes_it_off_the_list_and_changes_nobody"
    ),
    "standby conflicts decide 5c1f9a3bd2e04b7788aa01cc take --region us-west-2 --kind undone": (
        f"{_CONFLICTS}::test_several_are_taken_one_at_a_time"
    ),
    "standby conflicts keep --weight deletion --kind undone --dry-run": (
        f"{_CONFLICTS_KEEP}::test_it_says_which_are_meant_and_asks_first"
    ),
    "standby conflicts keep --weight deletion --kind undone": (
        f"{_CONFLICTS_KEEP}::test_a_filter_is_needed_and_holds"
    ),
    "standby failover --to us-west-2 --planned --dry-run": (
        f"{_FAILOVER}::test_a_dry_run_changes_nothing"
    ),
    "standby failover --to us-west-2 --planned": (
        "tests/e2e/test_failover.py::test_there_by_plan_and_home_from_an_outage"
    ),
    "standby failover --to us-west-2 --outage --yes": (
        f"{_FAILOVER}::test_in_an_outage_the_other_region_is_never_called"
    ),
    "standby failover --to us-west-2 --abort --yes": (
        f"{_FAILOVER}::test_aborting_opens_the_other_region_again"
    ),
    "standby drill --region us-west-2": (
        "tests/e2e/test_drill.py::test_people_are_rehearsed_by_its_role_and_nothing_is_left"
    ),
    "standby drill --region us-west-2 --people sample --sample 100 --yes": (
        f"{_DRILL}::test_a_sample_of_records_is_rehearsed"
    ),
    **dict.fromkeys(
        ("standby drill --region us-west-2 --keep", "standby drill --region us-west-2 --clean"),
        f"{_DRILL}::test_a_kept_pool_goes_when_it_is_asked_for",
    ),
    "standby undelete ann@example.org": (
        f"{_UNDELETE}::test_somebody_deleted_is_found_by_name_and_comes_back"
    ),
    "standby undelete 7d0f2c1e-6f0b-4a53-9d6e-0c8f5f1f0a11 --yes": (
        f"{_UNDELETE}::test_who_of_two_deleted_ones_is_meant_has_to_be_said"
    ),
    "standby restore --region us-west-2 --dry-run": (
        f"{_RESTORE}::test_it_shows_what_it_will_do_and_asks"
    ),
    "standby restore --region us-west-2": f"{_RESTORE}::test_it_shows_what_it_will_do_and_asks",
    "standby restore --region us-west-2 --group staff --yes": (
        f"{_RESTORE}::test_a_group_that_no_record_knows_is_refused"
    ),
    "standby restore --region us-west-2 --user ann@example.org --yes": (
        f"{_RESTORE}::test_one_user_is_named_as_a_person_knows_them"
    ),
    "standby restore --region us-east-1 --deleted-since 2026-11-29T18:00:00Z": (
        f"{_RESTORE}::test_deleted_people_and_times_are_of_the_active_region"
    ),
    "standby restore --region us-east-1 --as-of 2026-11-29T18:00:00Z --also-changed-since": (
        f"{_RESTORE}::test_deleted_people_and_times_are_of_the_active_region"
    ),
    (
        "standby restore --region us-west-2 --strategy import"
        " --role arn:aws:iam::111111111111:role/import-logs"
    ): f"{_RESTORE_JOBS}::test_the_look_says_what_jobs_would_do_and_then_they_do",
    (
        "standby restore --region us-west-2 --resume RESTORE --strategy import"
        " --role arn:aws:iam::111111111111:role/import-logs"
    ): f"{_RESTORE_JOBS}::test_jobs_that_stop_are_gone_on_with_by_the_words_that_are_told",
    **dict.fromkeys(
        (
            "standby restore --region us-west-2 --into us-west-2_EXAMPLE --dry-run",
            "standby restore --region us-west-2 --into us-west-2_EXAMPLE",
        ),
        "tests/unit/cli/test_restore_into.py::test_it_looks_asks_and_fills",
    ),
    "standby restore --region us-west-2 --resume RESTORE --yes": (
        f"{_RESTORE}::test_what_failed_is_resumed_by_its_id"
    ),
    "standby config history": (
        f"{_CONFIG}::test_the_history_says_what_is_accepted_and_that_something_is_not"
    ),
    "standby config show --region us-east-1": (
        f"{_CONFIG}::test_a_lost_region_s_pool_is_shown_by_the_other_one"
    ),
    "standby config diff": f"{_CONFIG}::test_what_the_standby_has_otherwise",
    "standby config diff --region us-east-1": f"{_CONFIG}::test_what_changed_since_it_was_accepted",
    "standby config accept --region us-east-1": (
        f"{_CONFIG}::test_accepting_shows_the_change_and_asks"
    ),
    "standby config restore --region us-east-1 --dry-run": (
        f"{_CONFIG}::test_a_restore_shows_its_calls_first_and_makes_none_unasked"
    ),
    "standby config restore --region us-east-1 --secrets secrets.json --ids ids.json": (
        f"{_CONFIG}::test_secrets_are_read_from_a_file_and_nothing_of_them_is_told"
    ),
    "make preflight": f"{_LOOK}::test_a_standing_installation_is_looked_at",
    ".venv/bin/python -m preflight --json": f"{_LOOK}::test_a_standing_installation_is_looked_at",
    ".venv/bin/python -m preflight key-policy --region us-east-1 > key-policy.json": (
        f"{_COMMAND}::test_the_policy_of_each_key_is_printed"
    ),
}
"""Command -> the test that shows what comes of it, or of what the make target runs: with all its
options, and with arguments that may be others."""

_CLOUD = "needs an AWS account; the CDK's command line is only handed its arguments in tests"
_CLI = "the AWS CLI is no part of the project; the call and its options are looked up"
_STACK = "standby-us-west-2 --region us-west-2"
_BROKEN = "standby-us-east-1 --region us-east-1"
_BUCKET = "s3://standby-reconcile-111111111111-us-west-2"

_RECORDS = "--table-name standby-records --region us-east-1"
_OF_RECORDS = "--resource-arn arn:aws:dynamodb:us-east-1:111111111111:table/standby-records"
NOT_EXECUTED = {
    **dict.fromkeys(("make bootstrap", "make deploy", "make diff"), _CLOUD),
    "export AWS_PROFILE=ours STANDBY_BACKUP_PROFILE=theirs": "needs profiles of two accounts",
    **dict.fromkeys(("git pull", "git checkout <the release before>"), "git's own"),
    **dict.fromkeys(
        (
            "aws sts get-caller-identity",
            "aws cognito-idp list-user-pool-clients --user-pool-id us-east-1_AbCdEf "
            "--region us-east-1",
            "aws sts assume-role --region us-west-2 "
            "--role-arn arn:aws:iam::111111111111:role/standby-dr-us-west-2 "
            "--role-session-name failover",
            "aws stepfunctions start-execution --region us-west-2 --name epoch-2 "
            "--state-machine-arn "
            "arn:aws:states:us-west-2:111111111111:stateMachine:standby-fail_over "
            """--input '{"mode": "outage"}'""",
            "aws stepfunctions start-execution --region us-west-2 --state-machine-arn "
            "arn:aws:states:us-west-2:<account>:stateMachine:<installation>-sync_user "
            """--input '{"origin_sub": "<sub>", "cause": "by hand"}'""",
            f"aws dynamodb describe-table {_RECORDS} --profile ours",
            f"aws dynamodb get-resource-policy --region us-east-1 --profile ours {_OF_RECORDS}",
            "aws dynamodb put-resource-policy --policy file://policy.json --region us-east-1 "
            f"--profile ours {_OF_RECORDS}",
            "aws dynamodb update-table --table-name standby-records --region us-west-2 "
            "--no-disassociation-protection-enabled",
            "aws dynamodb update-table --table-name standby-records --region us-west-2 "
            """--replica-updates '[{"Disassociate": {"RegionName": "us-west-2", """
            """"DisassociationMode": "WAIT_FOR_REPLICATION"}}]'""",
            f"aws dynamodb describe-table {_RECORDS}",
            f"aws dynamodb update-table {_RECORDS} --sse-specification Enabled=false",
            f"aws dynamodb update-table {_RECORDS} "
            "--global-table-settings-replication-mode ENABLED",
            "aws kms put-key-policy --key-id <key ARN> --policy file://key-policy.json "
            "--region us-east-1",
            f"aws cloudformation describe-stack-events --stack-name {_BROKEN}",
            f"aws cloudformation continue-update-rollback --stack-name {_BROKEN}",
            "aws cloudformation update-termination-protection --no-enable-termination-protection "
            f"--stack-name {_STACK}",
            f"aws cloudformation delete-stack --stack-name {_STACK}",
            f"aws cloudformation wait stack-delete-complete --stack-name {_STACK}",
            f"aws s3 rm {_BUCKET} --recursive --region us-west-2",
            f"aws s3 rb {_BUCKET} --force --region us-west-2",
            "aws dynamodb update-table --table-name standby-records "
            "--no-deletion-protection-enabled --region us-west-2",
            "aws dynamodb delete-table --table-name standby-records --region us-west-2",
            "aws dynamodb wait table-not-exists --table-name standby-records --region us-west-2",
        ),
        _CLI,
    ),
}
"""Command -> why nothing runs it."""
