// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The restrictions that ask the DNS, by name, those that are called otherwise today among them.
 * Thread: any.
 */
final class NameRows {
    private static final boolean BY_ADDRESS = true;

    static final List<Row> ROWS = rows();

    private NameRows() {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(List.of(
                row("reject_unknown_helo_hostname", UnknownHeloName::of),
                row("reject_unknown_hostname", UnknownHeloName::of),
                row("reject_unknown_sender_domain", parts -> UnknownDomain.of(Subject.SENDER, parts)),
                row("reject_unknown_address", parts -> UnknownDomain.of(Subject.SENDER, parts)),
                row("reject_unknown_recipient_domain", parts -> UnknownDomain.of(Subject.RECIPIENT, parts)),
                row("reject_spf_failure", SpfFailure::of),
                row("permit_mx_backup", MxBackup::of),
                row("reject_maps_rbl", MapsRbl::of),
                reject("reject_rbl_client", Subject.CLIENT, BY_ADDRESS),
                reject("reject_rbl", Subject.CLIENT, BY_ADDRESS),
                reject("reject_rhsbl_client", Subject.CLIENT, !BY_ADDRESS),
                reject("reject_rhsbl_reverse_client", Subject.REVERSE_CLIENT, !BY_ADDRESS),
                reject("reject_rhsbl_helo", Subject.HELO, !BY_ADDRESS),
                reject("reject_rhsbl_sender", Subject.SENDER, !BY_ADDRESS),
                reject("reject_rhsbl_recipient", Subject.RECIPIENT, !BY_ADDRESS),
                permit("permit_dnswl_client", BY_ADDRESS),
                permit("permit_rhswl_client", !BY_ADDRESS)));
        addServers(rows, "check_client_", Subject.CLIENT);
        addServers(rows, "check_reverse_client_hostname_", Subject.REVERSE_CLIENT);
        addServers(rows, "check_helo_", Subject.HELO);
        addServers(rows, "check_sender_", Subject.SENDER);
        addServers(rows, "check_recipient_", Subject.RECIPIENT);
        return List.copyOf(rows);
    }

    private static Row row(String name, Function<RestrictionParts, Restriction> maker) {
        return new Row(name, Argument.NONE, (argument, stage, parser) -> maker.apply(parser.parts()));
    }

    private static Row reject(String name, Subject of, boolean byAddress) {
        return new Row(
                name,
                Argument.DOMAIN,
                (list, stage, parser) -> new DnsListCheck(
                        DnsList.parse(list, parser.parts().sources().names()),
                        of,
                        byAddress,
                        ListReply.of(parser.parts())));
    }

    private static Row permit(String name, boolean byAddress) {
        return new Row(
                name,
                Argument.DOMAIN,
                (list, stage, parser) -> new DnsListCheck(
                        DnsList.parse(list, parser.parts().sources().names()), Subject.CLIENT, byAddress, null));
    }

    private static void addServers(List<Row> rows, String prefix, Subject of) {
        for (RecordType type : List.of(RecordType.A, RecordType.MX, RecordType.NS)) {
            String name = prefix + type.name().toLowerCase(Locale.ROOT) + "_access";
            rows.add(new Row(
                    name,
                    Argument.TABLE,
                    (spec, stage, parser) -> new ServerAccess(name, of, type, spec, stage, parser)));
        }
    }
}
