// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Today's checks, in the list that decides who may relay. */
class RestrictionsTest {
    private static MailAddress address(String text) {
        MailAddress address = AddressParser.parse(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    private static Facts facts(String recipient, AddressClass targetClass, Finding trust, boolean routed) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "unknown", trust);
        return new Facts(
                client,
                "c.test",
                MailAddress.NULL,
                new RecipientFacts(address(recipient), address(recipient), targetClass, null, routed),
                "");
    }

    private static Restrictions restrictions(String relay) {
        RestrictionParser parser = TestLists.parser(RestrictionTable.ROWS, Map.of(), ListTables.UNOPENED);
        return new Restrictions(
                Map.of(RestrictionStage.RELAY, parser.parse(RestrictionStage.RELAY, List.of(relay.split(",?\\s+")))),
                RestrictionList.EMPTY,
                parser.parse(RestrictionStage.RECIPIENT, List.of(RestrictionTable.UNLISTED_RECIPIENT)),
                true,
                true);
    }

    private static @Nullable SmtpReply refusal(Restrictions restrictions, Facts facts) {
        return restrictions.atRecipient(facts, Inquiry.BLOCKING, null).refusal();
    }

    private static String answer(String relay, Facts facts) {
        SmtpReply refusal = refusal(restrictions(relay), facts);
        return refusal == null ? "ok" : refusal.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        permit_mynetworks, defer_unauth_destination  | OTHER | NOT_FOUND | false | 454 4.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | NOT_FOUND | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | FOUND | true  | ok
        permit_mynetworks, reject_unauth_destination | RELAY | NOT_FOUND | false | ok
        permit_mynetworks, reject_unauth_destination | LOCAL | NOT_FOUND | false | ok
        permit_mynetworks, reject_unauth_destination | RELAY | NOT_FOUND | true  | 554 5.7.1 <u@x.test>: Relay access denied
        reject_unauth_destination                    | OTHER | FOUND | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_auth_destination, reject              | RELAY | NOT_FOUND | false | ok
        permit_auth_destination, reject              | OTHER | FOUND | false | 554 5.7.1 <u@x.test>: Recipient address rejected: Access denied
        defer                                        | LOCAL | FOUND | false | 450 4.3.2 <u@x.test>: Recipient address rejected: Try again later
        permit, reject                               | LOCAL | NOT_FOUND | false | ok
        check_client_access hash:/x                  | OTHER | NOT_FOUND | false | 451 4.3.5 <unknown[192.0.2.7]>: Client host rejected: Server configuration error
        permit_mynetworks, no_such_name              | OTHER | NOT_FOUND | false | 451 4.3.5 Server configuration error
        warn_if_reject, no_such_name                 | OTHER | FOUND | false | 451 4.3.5 Server configuration error
        check_relay_domains                          | OTHER | FOUND | false | 554 5.7.1 <u@x.test>: Recipient address rejected: Relay access denied
        check_relay_domains, reject                  | RELAY | FOUND | false | ok
        permit_mynetworks, reject_unauth_destination | UNKNOWN | NOT_FOUND | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, defer_unauth_destination  | UNKNOWN | NOT_FOUND | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_auth_destination, reject              | UNKNOWN | NOT_FOUND | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, reject_unauth_destination | UNKNOWN | FOUND | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, reject_unauth_destination | RELAY | UNAVAILABLE | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        reject_unauth_destination, permit_mynetworks | OTHER | UNAVAILABLE | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_sasl_authenticated                    | OTHER | FOUND | false | ok
        """)
    void decidesByTheFirstCheckThatKnows(
            String restrictions, AddressClass targetClass, Finding trust, boolean routed, String expected) {
        assertEquals(expected, answer(restrictions, facts("u@x.test", targetClass, trust, routed)));
    }
}
