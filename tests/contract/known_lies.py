"""What each backend is known to get wrong. A test listed here must fail there.

backend -> what it does -> the tests that show it, by their names after `test_`, with `[variant]`
where only one variant fails.
"""

KNOWN_LIES: dict[str, dict[str, tuple[str, ...]]] = {
    "moto": {
        "gives tables no id": (
            "a_table_has_an_identity",
            "a_table_made_anew_has_another_one",
        ),
        "restores a table at once, and as it is now": (
            "a_table_of_a_time_comes_with_what_was_then_and_goes",
            "of_two_who_begin_one_does_and_nobody_removes_what_is_coming",
            "a_time_outside_of_the_window_is_refused",
        ),
        "knows no point-in-time recoveries of pools": ("a_pool_was_never_recovered",),
        "finds a user by sub only where addresses are usernames": (
            "a_user_is_found_by_sub[plain]",
            "by_sub_the_right_user_is_found_though_another_bears_it_as_a_name",
        ),
        "checks no attribute at creation": (
            "a_creation_is_refused_for_its_content[plain-unknown]",
            "a_creation_is_refused_for_its_content[email-unknown]",
            "a_creation_is_refused_for_its_content[plain-sub]",
            "a_creation_is_refused_for_its_content[email-sub]",
            "a_creation_is_refused_for_its_content[plain-long]",
            "a_creation_is_refused_for_its_content[email-long]",
            "a_creation_is_refused_for_its_content[plain-birthdate]",
            "a_creation_is_refused_for_its_content[email-birthdate]",
            "a_creation_is_refused_for_its_content[plain-phone]",
            "a_creation_is_refused_for_its_content[email-phone]",
            "a_creation_is_refused_for_its_content[plain-flag-without-phone]",
            "a_creation_is_refused_for_its_content[email-flag-without-phone]",
            "a_creation_is_refused_for_its_content[plain-no-flag-without-phone]",
            "a_creation_is_refused_for_its_content[email-no-flag-without-phone]",
            "a_creation_is_refused_for_its_content[plain-no-such-day]",
            "a_creation_is_refused_for_its_content[email-no-such-day]",
        ),
        "checks no attribute at an update": (
            "an_update_is_refused_whole[plain-immutable]",
            "an_update_is_refused_whole[email-immutable]",
            "an_update_is_refused_whole[plain-sub]",
            "an_update_is_refused_whole[email-sub]",
            "an_update_is_refused_whole[plain-unknown]",
            "an_update_is_refused_whole[email-unknown]",
            "an_update_is_refused_whole[plain-long]",
            "an_update_is_refused_whole[email-long]",
            "an_update_is_refused_whole[plain-flag-without-phone]",
            "an_update_is_refused_whole[email-flag-without-phone]",
            "a_person_does_not_change_the_immutable",
        ),
        "deletes attributes that are immutable or required": (
            "a_deletion_of_an_attribute_is_refused[plain-custom:badge]",
            "a_deletion_of_an_attribute_is_refused[email-custom:badge]",
            "a_deletion_of_an_attribute_is_refused[plain-sub]",
            "a_deletion_of_an_attribute_is_refused[email-sub]",
            "a_required_attribute_stays",
            "a_blank_value_does_not_take_away_the_required",
            "an_address_that_is_the_username_stays",
        ),
        "refuses to delete an attribute that a user does not have": (
            "deleting_what_is_not_there_is_success",
        ),
        "stores a blank value": ("a_blank_value_deletes",),
        "describes a pool without `sub`": ("the_schema_tells_what_the_pool_can_hold",),
        "has no DeleteUser": ("a_person_s_own_doing_is_seen",),
        "takes usernames and group names of any length and characters": (
            "a_group_of_an_impossible_name_is_refused",
            "an_impossible_username_cannot_sign_up[long]",
            "an_impossible_username_cannot_sign_up[blank]",
            "an_impossible_username_cannot_sign_up[control]",
        ),
        "ignores UsernameConfiguration: every pool is case-sensitive": (
            "case_counts_as_in_the_pool[False]",
            "a_name_is_the_same_in_capitals",
            "a_taken_username_cannot_sign_up[capitals]",
            "an_address_is_one_user_s_verified_or_not",
            "an_address_of_another_user_is_held_where_it_is_a_username",
        ),
        "leaves a changed address verified": (
            "an_address_changed_without_its_flag_is_unverified",
            "a_person_s_changed_address_is_unverified",
        ),
        "confirms by any code, again and again, and verifies nothing": (
            "a_sign_up_is_unconfirmed_until_the_code_comes",
            "nobody_confirms_twice",
            "a_confirmation_verifies_the_address",
        ),
        "recovers anybody, in any state, by any code": (
            "recovery_is_refused_while_the_temporary_password_stands",
            "recovery_needs_a_verified_address",
            "recovery_is_refused_to_the_disabled",
            "recovery_gives_a_new_password_for_the_right_code_only",
            "nobody_recovers_without_having_asked",
        ),
        "leaves a confirmed address unverified, so that a reset is refused": (
            "a_reset_user_must_choose_a_new_password",
        ),
        "ignores the client's WriteAttributes": (
            "nobody_signs_up_with_what_the_client_may_not_write",
            "a_person_does_not_change_what_the_client_may_not_write",
            "a_person_does_not_verify_their_own_address",
        ),
        "ignores required attributes": ("nobody_signs_up_without_the_required",),
        "ignores AttributesRequireVerificationBeforeUpdate": (
            "an_address_that_needs_verification_first_is_kept",
            "a_first_address_that_needs_verification_waits_for_it",
            "an_unproved_flag_does_not_touch_the_address_that_is_kept",
        ),
        "has no alias attributes": (
            "a_verified_alias_signs_in_an_unverified_one_does_not",
            "where_addresses_are_aliases_a_username_is_none",
            "an_alias_of_another_user_is_refused_at_creation",
            "an_alias_moves_when_forced_and_unverifies_the_former",
            "a_preferred_username_does_not_move_when_forced",
            "an_alias_that_needs_no_proof_cannot_sign_up",
            "an_alias_of_another_user_is_refused_at_confirmation",
            "an_alias_of_another_user_is_refused_at_an_update",
            "another_s_address_can_be_had_unverified_and_never_verified",
        ),
        "says nothing of an address that signed up": ("an_address_that_signs_up_is_not_verified",),
        "reads no quoted name in a filter": ("a_listing_is_filtered[quoted]",),
        "compares exactly in filters, and does not unescape": (
            "a_listing_is_filtered[email_in_capitals]",
            "a_listing_is_filtered[escaped]",
            "a_listing_is_filtered[user_status]",
        ),
        "reads a filter of two conditions as one": ("what_is_no_filter_is_refused[two]",),
        "gives pages of any size, and its own error for a bad token": (
            "more_than_60_cannot_be_asked_for",
            "a_token_goes_with_its_own_request",
            "a_token_that_is_not_taken_begins_the_listing_again",
        ),
        "lets a user join any number of groups": ("nobody_joins_a_hundred_and_first_group",),
    },
    "local": {
        "takes events for a bus that is gone": ("a_hint_that_was_not_taken_is_an_error[bus]",),
    },
}
