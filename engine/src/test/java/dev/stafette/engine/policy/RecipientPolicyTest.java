// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.rewrite.AddressClass;
import io.netty.util.NetUtil;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientPolicyTest {
    private static final LocalRecipients KNOWN = LocalRecipients.of(List.of("u", "v@b.test", "@all.test"), "+");

    private static MailAddress address(String text) {
        MailAddress address = AddressParser.parse(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    private static RecipientFacts facts(String recipient, AddressClass targetClass, boolean trusted, boolean routed) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "unknown", trusted);
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
        permit_mynetworks, defer_unauth_destination  | OTHER | false | false | 454 4.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | false | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_mynetworks, reject_unauth_destination | OTHER | true  | true  | ok
        permit_mynetworks, reject_unauth_destination | RELAY | false | false | ok
        permit_mynetworks, reject_unauth_destination | LOCAL | false | false | ok
        permit_mynetworks, reject_unauth_destination | RELAY | false | true  | 554 5.7.1 <u@x.test>: Relay access denied
        reject_unauth_destination                    | OTHER | true  | false | 554 5.7.1 <u@x.test>: Relay access denied
        permit_auth_destination, reject              | RELAY | false | false | ok
        permit_auth_destination, reject              | OTHER | true  | false | 554 5.7.1 <u@x.test>: Recipient address rejected: Access denied
        defer                                        | LOCAL | true  | false | 450 4.7.1 <u@x.test>: Recipient address rejected: Access denied
        permit, reject                               | LOCAL | false | false | ok
        ''                                           | OTHER | false | false | 454 4.7.1 <u@x.test>: Relay access denied
        check_client_access hash:/x                  | OTHER | false | false | 454 4.7.1 <u@x.test>: Relay access denied
        permit_sasl_authenticated                    | OTHER | true  | false | ok
        """)
    void decidesByTheFirstCheckThatKnows(
            String restrictions, AddressClass targetClass, boolean trusted, boolean routed, String expected) {
        assertEquals(expected, answer(restrictions, facts("u@x.test", targetClass, trusted, routed)));
    }

    @Test
    void neverLetsAStrangerRelayForWantOfAnEnd() {
        assertTrue(answer("permit_mynetworks", facts("u@x.test", AddressClass.OTHER, false, false))
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
        SmtpReply refusal = policy.refusal(facts(recipient, AddressClass.LOCAL, true, false));
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
        assertEquals(null, policy.refusal(facts("nope@relay.test", AddressClass.RELAY, true, false)));
    }

    @Test
    void readsAnInlineListOnly() {
        assertTrue(
                LocalRecipients.read("inline:{ {u=x}, v@b.test = 1, w=2 }", "").has(address("w@any.test")));
        assertFalse(LocalRecipients.read("inline:{ u=x, v=1 }", "").has(address("w@any.test")));
        assertTrue(LocalRecipients.read("", "").has(address("w@any.test")));
        assertTrue(
                LocalRecipients.read("proxy:unix:passwd.byname $alias_maps", "").has(address("w@any.test")));
        assertTrue(LocalRecipients.read("inline:{u=x} hash:/etc/aliases", "").has(address("w@any.test")));
    }
}
