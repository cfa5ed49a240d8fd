// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.Trust;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.policy.PolicySettings;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.PatientInquiry;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCheckTest {
    private static Facts facts(String recipient) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "c.test", Finding.NOT_FOUND);
        MailAddress to = MailAddress.of(recipient, "b.test");
        return new Facts(
                client,
                "h\nx=y",
                MailAddress.of("a b", "a.test"),
                MailAddress.of("a b", "a.test"),
                new RecipientFacts(to, to, AddressClass.LOCAL, null, false),
                "",
                new MessageFacts("4Q", 3, 1234, false, false, false, false, false),
                new ConnectionFacts(
                        "ESMTP",
                        4711,
                        new InetSocketAddress("127.0.0.1", 25),
                        "i1",
                        null,
                        new LoginFacts("PLAIN", "joe", "e+3Dmc2@a.test"),
                        new TlsSession(
                                "TLSv1.3",
                                "TLS_AES_256_GCM_SHA384",
                                256,
                                256,
                                "X25519",
                                false,
                                "",
                                new PeerCertificate("me", "my CA", "AB:CD", "EF:01", Trust.TRUSTED))));
    }

    /** SMTPD_POLICY_README; what a client says cannot add lines. */
    @Test
    void tellsAServerAllThatItMayWantToKnow() {
        PolicyAttributes attributes =
                PolicyAttributes.of(TestLists.settings("stress = yes", "mail_version = 9"), "outside");
        assertEquals("""
            request=smtpd_access_policy
            protocol_state=RCPT
            protocol_name=ESMTP
            client_address=192.0.2.7
            client_name=c.test
            client_port=4711
            reverse_client_name=c.test
            server_address=127.0.0.1
            server_port=25
            helo_name=h?x=y
            sender=a b@a.test
            recipient=u@b.test
            recipient_count=0
            queue_id=4Q
            instance=i1.0
            size=1234
            etrn_domain=
            stress=yes
            sasl_method=PLAIN
            sasl_username=joe
            sasl_sender=e+3Dmc2@a.test
            ccert_subject=me
            ccert_issuer=my CA
            ccert_fingerprint=AB:CD
            ccert_pubkey_fingerprint=EF:01
            encryption_protocol=TLSv1.3
            encryption_cipher=TLS_AES_256_GCM_SHA384
            encryption_keysize=256
            policy_context=outside
            compatibility_level=3.6
            mail_version=9

            """, attributes.request(facts("u"), Subject.RECIPIENT));
    }

    @Test
    void hasSettingsOfItsOwnOverThoseOfMainCf() {
        PolicyOptions options = new PolicyOptions(
                TestLists.settings("smtpd_policy_service_try_limit = 5", "smtpd_policy_service_timeout = 7"),
                List.of("max_idle=2m", "request_limit = 9", "{ default_action = 450 4.7.1 $Come again }"));
        assertEquals(
                new PolicySettings(
                        Duration.ofSeconds(7),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(1000),
                        9,
                        5,
                        Duration.ofSeconds(1)),
                options.settings());
        assertEquals("450 4.7.1 $Come again", options.text("smtpd_policy_service_default_action"));
        assertEquals("", options.text("smtpd_policy_service_policy_context"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inet:127.0.0.1:9, what=1",
                "inet:127.0.0.1:9, timeout=x",
                "inet:127.0.0.1:9, try_limit=-1",
                "inet:127.0.0.1:9, timeout",
                "smtp:127.0.0.1:9",
                "inet:127.0.0.1:x"
            })
    void refusesToStartWithWhatItDoesNotUnderstand(String argument) {
        RestrictionParser parser = TestLists.parser(new FakeZone(), spec -> null);
        List<String> words = List.of("check_policy_service", argument);
        assertThrows(ConfigException.class, () -> parser.parse(RestrictionStage.RECIPIENT, words));
    }

    @Test
    void saysOfAWrongValueWhatIsExpectedAsOfOneInMainCf() {
        PolicyOptions options = new PolicyOptions(TestLists.settings(), List.of("timeout=x"));
        String message = assertThrows(ConfigException.class, options::settings).getMessage();
        assertEquals(
                "policy service: parameter 'smtpd_policy_service_timeout': x"
                        + " (expected: a number with s, m, h, d or w, 1s or more)",
                message);
    }

    /** A server that counts must not hear of what a DNS list refuses: nothing behind it is asked before it has answered. */
    @Test
    void asksNothingFurtherAsLongAsAListHasNotAnswered() {
        FakeZone zone = new FakeZone().late();
        RestrictionParser parser = TestLists.parser(zone, spec -> null);
        Restrictions restrictions = TestLists.restrictions(Map.of(
                RestrictionStage.CLIENT,
                parser.parse(
                        RestrictionStage.CLIENT,
                        List.of("reject_rbl_client", "bl.test", "reject_unknown_sender_domain"))));
        PatientInquiry inquiry = new Inquirer(Runnable::run, () -> 0).begin();
        Ruling ruling = restrictions.atRecipient(facts("u"), inquiry, null);
        assertEquals(List.of("7.2.0.192.bl.test"), zone.asked);
        assertEquals(
                "451 4.3.5 Server configuration error",
                String.valueOf(ruling.refusal()).strip());
    }
}
