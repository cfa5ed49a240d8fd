// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeTables;
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
    private static final LocalRecipients KNOWN = known(new FakeTables().table("hash:k", "u", "v@b.test", "@all.test"));

    private static LocalRecipients known(FakeTables tables) {
        return new LocalRecipients(List.of(tables.open("hash:k")), "+");
    }

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

    private static Restrictions restrictions(String relay, LocalRecipients known) {
        RestrictionParser parser = new RestrictionParser(
                RestrictionTable.ROWS, Map.of(), new RestrictionParts(554, 554, 550, known, ListTables.UNOPENED));
        return new Restrictions(
                Map.of(
                        RestrictionStage.RELAY,
                        parser.parseClosed(RestrictionStage.RELAY, List.of(relay.split(",?\\s+")))),
                parser.parse(RestrictionStage.RECIPIENT, List.of("reject_unlisted_recipient")));
    }

    private static @Nullable SmtpReply refusal(Restrictions restrictions, Facts facts) {
        return restrictions.atRecipient(facts, Inquiry.BLOCKING).refusal();
    }

    private static String answer(String relay, Facts facts) {
        SmtpReply refusal = refusal(restrictions(relay, LocalRecipients.ANY), facts);
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

    @ParameterizedTest
    @CsvSource({
        "u@b.test, true",
        "U@B.test, true",
        "u+ext@other.test, true",
        "v@b.test, true",
        "v+ext@b.test, true",
        "v@c.test, false",
        "any@all.test, true",
        "postmaster@b.test, true",
        "PostMaster@b.test, true",
        "nope@b.test, false",
    })
    void knowsLocalRecipients(String recipient, boolean exists) {
        Restrictions restrictions = restrictions("permit_mynetworks", KNOWN);
        SmtpReply refusal = refusal(restrictions, facts(recipient, AddressClass.LOCAL, Finding.FOUND, false));
        assertEquals(exists, refusal == null);
        if (refusal != null) {
            assertEquals(
                    "550 5.1.1 <" + recipient
                            + ">: Recipient address rejected: User unknown in local recipient table\r\n",
                    refusal.toString());
        }
    }

    @Test
    void asksForLocalRecipientsOnly() {
        Restrictions restrictions = restrictions("permit_mynetworks", KNOWN);
        assertNull(refusal(restrictions, facts("nope@relay.test", AddressClass.RELAY, Finding.FOUND, false)));
    }

    @Test
    void asksForEachKeyInAllTables() {
        FakeTables tables =
                new FakeTables().table("pcre:/p").patterns("pcre:/p").table("hash:k");
        new LocalRecipients(List.of(tables.open("pcre:/p"), tables.open("hash:k")), "+")
                .find(address("u+x@b.test"), Inquiry.BLOCKING);
        assertEquals(List.of("u+x@b.test", "u+x@b.test", "u@b.test", "u+x", "u", "@b.test"), tables.asked);
    }

    @Test
    void refusesForNowWhileTheListDoesNotAnswer() {
        FakeTables tables = new FakeTables().table("hash:k");
        tables.mute("hash:k", true);
        Restrictions restrictions = restrictions("permit_mynetworks", known(tables));
        SmtpReply refusal = refusal(restrictions, facts("u@b.test", AddressClass.LOCAL, Finding.FOUND, false));
        assertEquals("451 4.3.0 <u@b.test>: Temporary lookup failure\r\n", String.valueOf(refusal));
        assertNull(refusal(restrictions, facts("postmaster@b.test", AddressClass.LOCAL, Finding.FOUND, false)));
    }
}
