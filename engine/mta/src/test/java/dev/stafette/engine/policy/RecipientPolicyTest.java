// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.match.Membership;
import dev.stafette.engine.rewrite.AddressClass;
import io.netty.util.NetUtil;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientPolicyTest {
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

    private static RecipientFacts facts(String recipient, AddressClass targetClass, Membership trust, boolean routed) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "unknown", trust);
        return new RecipientFacts(
                client, MailAddress.NULL, address(recipient), address(recipient), targetClass, routed);
    }

    private static String answer(String restrictions, RecipientFacts facts) {
        RecipientPolicy policy =
                RecipientPolicy.of(List.of(restrictions.split(",\\s*")), 554, 554, LocalRecipients.ANY, 550);
        SmtpReply refusal = policy.refusal(facts);
        return refusal == null ? "ok" : refusal.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        permit_mynetworks, defer_unauth_destination  | OTHER | OUT | false | 454 4.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | OUT | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | IN | true  | ok
        permit_mynetworks, reject_unauth_destination | RELAY | OUT | false | ok
        permit_mynetworks, reject_unauth_destination | LOCAL | OUT | false | ok
        permit_mynetworks, reject_unauth_destination | RELAY | OUT | true  | 554 5.7.1 <u@x.test>: Relay access denied
        reject_unauth_destination                    | OTHER | IN | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_auth_destination, reject              | RELAY | OUT | false | ok
        permit_auth_destination, reject              | OTHER | IN | false | 554 5.7.1 <u@x.test>: Recipient address rejected: Access denied
        defer                                        | LOCAL | IN | false | 450 4.7.1 <u@x.test>: Recipient address rejected: Access denied
        permit, reject                               | LOCAL | OUT | false | ok
        ''                                           | OTHER | OUT | false | 454 4.7.1 <u@x.test>: Relay access denied
        check_client_access hash:/x                  | OTHER | OUT | false | 454 4.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | UNKNOWN | OUT | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, defer_unauth_destination  | UNKNOWN | OUT | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_auth_destination, reject              | UNKNOWN | OUT | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, reject_unauth_destination | UNKNOWN | IN | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        permit_mynetworks, reject_unauth_destination | RELAY | UNKNOWN | false | 451 4.3.0 <u@x.test>: Temporary lookup failure
        reject_unauth_destination, permit_mynetworks | OTHER | UNKNOWN | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_sasl_authenticated                    | OTHER | IN | false | ok
        """)
    void decidesByTheFirstCheckThatKnows(
            String restrictions, AddressClass targetClass, Membership trust, boolean routed, String expected) {
        assertEquals(expected, answer(restrictions, facts("u@x.test", targetClass, trust, routed)));
    }

    @Test
    void neverLetsAStrangerRelayForWantOfAnEnd() {
        assertTrue(answer("permit_mynetworks", facts("u@x.test", AddressClass.OTHER, Membership.OUT, false))
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
        RecipientPolicy policy = RecipientPolicy.of(List.of("permit_mynetworks"), 554, 554, KNOWN, 550);
        SmtpReply refusal = policy.refusal(facts(recipient, AddressClass.LOCAL, Membership.IN, false));
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
        RecipientPolicy policy = RecipientPolicy.of(List.of("permit_mynetworks"), 554, 554, KNOWN, 550);
        assertNull(policy.refusal(facts("nope@relay.test", AddressClass.RELAY, Membership.IN, false)));
    }

    @Test
    void asksForEachKeyInAllTables() {
        FakeTables tables =
                new FakeTables().table("pcre:/p").patterns("pcre:/p").table("hash:k");
        new LocalRecipients(List.of(tables.open("pcre:/p"), tables.open("hash:k")), "+").find(address("u+x@b.test"));
        assertEquals(List.of("u+x@b.test", "u+x@b.test", "u@b.test", "u+x", "u", "@b.test"), tables.asked);
    }

    @Test
    void refusesForNowWhileTheListDoesNotAnswer() {
        FakeTables tables = new FakeTables().table("hash:k");
        tables.mute("hash:k", true);
        RecipientPolicy policy = RecipientPolicy.of(List.of("permit_mynetworks"), 554, 554, known(tables), 550);
        SmtpReply refusal = policy.refusal(facts("u@b.test", AddressClass.LOCAL, Membership.IN, false));
        assertEquals("451 4.3.0 <u@b.test>: Temporary lookup failure\r\n", String.valueOf(refusal));
        assertNull(policy.refusal(facts("postmaster@b.test", AddressClass.LOCAL, Membership.IN, false)));
    }
}
