// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Today's checks, in the list that decides who may relay. */
class RestrictionsTest {
    private static final RecipientExistence ANYBODY =
            RecipientExistence.of(FakeHost.settings("local_recipient_maps ="), ListTables.UNOPENED);

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
                new RecipientFacts(address(recipient), address(recipient), targetClass, routed),
                "");
    }

    private static Restrictions restrictions(String relay) {
        RestrictionParser parser = new RestrictionParser(
                RestrictionTable.ROWS, Map.of(), new RestrictionParts(554, 554, ANYBODY, ListTables.UNOPENED));
        return new Restrictions(
                Map.of(
                        RestrictionStage.RELAY,
                        parser.parseClosed(RestrictionStage.RELAY, List.of(relay.split(",?\\s+")))),
                Map.of(
                        RestrictionStage.RECIPIENT,
                        parser.parse(RestrictionStage.RECIPIENT, List.of("reject_unlisted_recipient"))));
    }

    private static @Nullable SmtpReply refusal(Restrictions restrictions, Facts facts) {
        return restrictions.atRecipient(facts, Inquiry.BLOCKING).refusal();
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
        ''                                           | OTHER | NOT_FOUND | false | 454 4.7.1 <u@x.test>: Relay access denied
        check_client_access hash:/x                  | OTHER | NOT_FOUND | false | 454 4.7.1 <u@x.test>: Relay access denied
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

    @Test
    void neverLetsAStrangerRelayForWantOfAnEnd() {
        assertTrue(answer("permit_mynetworks", facts("u@x.test", AddressClass.OTHER, Finding.NOT_FOUND, false))
                .startsWith("454 4.7.1"));
    }
}
