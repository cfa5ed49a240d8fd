// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import java.util.List;

/**
 * The restrictions by name: a new one is a class and a row here.
 * Thread: any.
 */
final class RestrictionTable {
    /**
     * @param takesArgument a word behind the name belongs to it, such as {@code type:table}
     * @param keepsRelayClosed whether a list with it is safe: a stranger does not get through to anywhere
     */
    record Row(String name, boolean takesArgument, boolean keepsRelayClosed, Maker maker) {}

    /** Makes a check of its argument, which is empty where it takes none. */
    interface Maker {
        Restriction make(String argument, RestrictionParts parts);
    }

    private static final boolean CLOSED = true;

    static final List<Row> ROWS = List.of(
            row("permit", !CLOSED, parts -> new FixedVerdict(Verdict.OK)),
            row("reject", CLOSED, parts -> RejectAll.reject(parts.rejectCode())),
            row("defer", CLOSED, parts -> RejectAll.defer()),
            row("defer_if_permit", !CLOSED, parts -> RejectAll.deferIfPermit()),
            row("defer_if_reject", !CLOSED, parts -> RejectAll.deferIfReject()),
            row("permit_mynetworks", !CLOSED, parts -> new PermitMyNetworks()),
            // Nobody can authenticate yet.
            row("permit_sasl_authenticated", !CLOSED, parts -> new FixedVerdict(Verdict.DUNNO)),
            row("permit_auth_destination", !CLOSED, parts -> new AuthDestination(AuthDestination.PERMITS)),
            row("reject_unauth_destination", CLOSED, parts -> new AuthDestination(parts.relayCode())),
            row("defer_unauth_destination", CLOSED, parts -> new AuthDestination(AuthDestination.DEFER_CODE)),
            row("reject_unlisted_recipient", !CLOSED, parts -> parts.existence()::ofRecipient),
            row("reject_unlisted_sender", !CLOSED, parts -> parts.existence()::ofSender));

    private RestrictionTable() {}

    private static Row row(String name, boolean keepsRelayClosed, SimpleMaker maker) {
        return new Row(name, false, keepsRelayClosed, (argument, parts) -> maker.make(parts));
    }

    /** Of a check without an argument. */
    private interface SimpleMaker {
        Restriction make(RestrictionParts parts);
    }
}
