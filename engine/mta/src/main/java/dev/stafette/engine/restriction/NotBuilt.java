// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names that are known, and have no say yet: what they would ask is not asked.
 * Thread: any.
 */
final class NotBuilt {
    static final List<Row> ROWS = Stream.of(
                    rows(
                            Argument.NONE,
                            "reject_unknown_helo_hostname",
                            "reject_unknown_hostname",
                            "reject_unknown_sender_domain",
                            "reject_unknown_address",
                            "reject_unknown_recipient_domain",
                            "reject_unverified_sender",
                            "reject_unverified_recipient",
                            "permit_mx_backup",
                            "reject_maps_rbl"),
                    rows(
                            Argument.DOMAIN,
                            "reject_rbl_client",
                            "reject_rbl",
                            "permit_dnswl_client",
                            "reject_rhsbl_client",
                            "permit_rhswl_client",
                            "reject_rhsbl_reverse_client",
                            "reject_rhsbl_helo",
                            "reject_rhsbl_sender",
                            "reject_rhsbl_recipient"),
                    rows(Argument.SERVER, "check_policy_service"),
                    rows(
                            Argument.TABLE,
                            "check_client_a_access",
                            "check_client_mx_access",
                            "check_client_ns_access",
                            "check_reverse_client_hostname_a_access",
                            "check_reverse_client_hostname_mx_access",
                            "check_reverse_client_hostname_ns_access",
                            "check_helo_a_access",
                            "check_helo_mx_access",
                            "check_helo_ns_access",
                            "check_sender_a_access",
                            "check_sender_mx_access",
                            "check_sender_ns_access",
                            "check_recipient_a_access",
                            "check_recipient_mx_access",
                            "check_recipient_ns_access"))
            .flatMap(List::stream)
            .toList();

    private NotBuilt() {}

    private static List<Row> rows(Argument argument, String... names) {
        return Stream.of(names)
                .map(name -> new Row(name, argument, (text, stage, parser) -> new FixedVerdict(Verdict.DUNNO)))
                .toList();
    }
}
