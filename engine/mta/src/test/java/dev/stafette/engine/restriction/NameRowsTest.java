// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TestTables;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the DNS says decides, as Postfix has it. */
class NameRowsTest {
    private final Map<String, String> tables = new HashMap<>();
    private final FakeZone zone = new FakeZone()
            .mx("mail.test", 10, "mx.mail.test")
            .address("mx.mail.test", "192.0.2.25")
            .address("host.test", "192.0.2.1")
            .address("six.test", "2001:db8::1")
            .mx("null.test", 0, "")
            .fail("fail.test")
            .ns("mail.test", "ns.bad.test")
            .address("ns.bad.test", "192.0.2.66")
            .address("7.2.0.192.bl.test", "127.0.0.2")
            .address("7.2.0.192.bl.test", "127.0.0.10")
            .text("7.2.0.192.bl.test", "go away")
            .address("7.2.0.192.white.test", "127.0.0.5")
            .fail("7.2.0.192.down.test")
            .address("c.test.rhs.test", "127.0.0.2")
            .address("sender.test.rhs.test", "127.0.0.2")
            .address("helo.test.rhs.test", "127.0.0.2")
            .address("b.test.rhs.test", "127.0.0.2")
            .mx("backup.test", 10, "mx.mail.test")
            .mx("backup.test", 20, "me.test")
            .mx("first.test", 10, "me.test")
            .address("me.test", "127.0.0.1")
            .text("spf.test", "v=spf1 ip4:192.0.2.8 -all exp=why.spf.test")
            .text("why.spf.test", "%{i} is none\u00e9 of ours")
            .text("soft.test", "v=spf1 ~all")
            .text("ours.test", "v=spf1 ip4:192.0.2.0/24 -all")
            .text("wrong.test", "v=spf1 mad -all")
            .text("asks.test", "v=spf1 a:fail.test -all");

    private Facts facts(String helo, String sender, String recipient, AddressClass recipientClass) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "c.test", Finding.NOT_FOUND);
        MailAddress to = MailAddress.of("u", recipient);
        MailAddress from = sender.isEmpty() ? MailAddress.NULL : MailAddress.of("s", sender);
        return new Facts(client, helo, from, new RecipientFacts(to, to, recipientClass, null, false), "");
    }

    private Table open(String spec) {
        return new TestTables().open(tables.getOrDefault(spec, spec));
    }

    private void table(String... keysAndValues) {
        StringBuilder inline = new StringBuilder("inline:{");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            inline.append(" { ")
                    .append(keysAndValues[i])
                    .append(" = ")
                    .append(keysAndValues[i + 1])
                    .append(" }");
        }
        tables.put("hash:t", inline.append(" }").toString());
    }

    private String ask(String words, Facts facts, String... lines) {
        RestrictionParser parser = TestLists.parser(zone, this::open, lines);
        Map<RestrictionStage, RestrictionList> lists =
                Map.of(RestrictionStage.RECIPIENT, parser.parse(RestrictionStage.RECIPIENT, List.of(words.split(" "))));
        Ruling ruling = TestLists.restrictions(lists).atRecipient(facts, Inquiry.BLOCKING, null);
        String complaints = ruling.effects().stream()
                .filter(effect -> effect.action() == AccessAction.COMPLAIN)
                .map(effect -> " (" + effect.text() + ")")
                .collect(Collectors.joining());
        return (ruling.refusal() == null ? "ok" : ruling.refusal().toString().strip()) + complaints;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spf.test   | 550 5.7.23 <s@spf.test>: Sender address rejected: SPF of spf.test does not permit 192.0.2.7
            soft.test  | ok
            ours.test  | ok
            wrong.test | ok
            none.test  | ok
            asks.test  | 451 4.7.24 <s@asks.test>: Sender address rejected: SPF of asks.test not found
            ''        | 550 5.7.23 <spf.test>: Helo command rejected: SPF of spf.test does not permit 192.0.2.7
            """)
    void refusesWhoHasNoRightToADomainsName(String domain, String expected) {
        assertEquals(expected, ask("reject_spf_failure", facts("spf.test", domain, "b.test", AddressClass.OTHER)));
    }

    @Test
    void tellsWhyADomainRefuses() {
        zone.text("tells.test", "v=spf1 -all exp=told.test").text("told.test", "%{c} is not ours");

        assertEquals(
                "550 5.7.23 <s@tells.test>: Sender address rejected: SPF of tells.test does not permit 192.0.2.7;"
                        + " tells.test explains: 192.0.2.7 is not ours",
                ask("reject_spf_failure", facts("h", "tells.test", "b.test", AddressClass.OTHER)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mail.test     | ok
        host.test     | ok
        six.test      | ok
        [192.0.2.9]   | ok
        b.test        | ok
        null.test     | 550 5.7.27 <s@null.test>: Sender address rejected: Domain null.test does not accept mail (nullMX)
        no.test       | 450 4.1.8 <s@no.test>: Sender address rejected: Domain not found
        fail.test     | 450 4.1.8 <s@fail.test>: Sender address rejected: Domain not found
        192.0.2.1     | 450 4.1.8 <s@192.0.2.1>: Sender address rejected: Domain not found
        ''            | ok
        """)
    void wantsADomainToWhichMailCanGo(String domain, String expected) {
        assertEquals(expected, ask("reject_unknown_sender_domain", facts("h", domain, "b.test", AddressClass.LOCAL)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        no.test   | 550 5.1.2 <u@no.test>: Recipient address rejected: Domain not found
        fail.test | 450 4.1.2 <u@fail.test>: Recipient address rejected: Domain not found
        null.test | 556 5.1.10 <u@null.test>: Recipient address rejected: Domain null.test does not accept mail (nullMX)
        mail.test | 554 5.7.1 <u@mail.test>: Recipient address rejected: Access denied
        """)
    void defersWhatTheDnsCannotSayAtOnceOrOnlyInPlaceOfAPermission(String domain, String expected) {
        Facts facts = facts("h", "a.test", domain, AddressClass.OTHER);
        String code = "unknown_address_reject_code = 550";
        assertEquals(
                expected,
                ask("reject_unknown_recipient_domain reject", facts, code, "unknown_address_tempfail_action = defer"));
        assertEquals(
                domain.equals("fail.test")
                        ? "554 5.7.1 <u@fail.test>: Recipient address rejected: Access denied"
                        : expected,
                ask("reject_unknown_recipient_domain reject", facts, code));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mail.test   | ok
        null.test   | ok
        [192.0.2.9] | ok
        [x]         | 501 5.5.2 <[x]>: Helo command rejected: invalid ip address
        no.test     | 450 4.7.1 <no.test>: Helo command rejected: Host not found
        192.0.2.9   | 450 4.7.1 <192.0.2.9>: Helo command rejected: Host not found
        fail.test   | 450 4.7.1 <fail.test>: Helo command rejected: Host not found
        """)
    void wantsAClientToCallItselfByANameInTheDns(String helo, String expected) {
        assertEquals(
                expected, ask("reject_unknown_helo_hostname", facts(helo, "a.test", "b.test", AddressClass.LOCAL)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        reject_rbl_client bl.test | 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.test; go away
        reject_rbl_client bl.test=127.0.0.[3..9] | ok
        reject_rbl_client bl.test=127.0.0.10 | 554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.test; go away
        reject_rbl_client none.test | ok
        reject_rbl_client down.test | ok (7.2.0.192.down.test: RBL lookup error: SERVFAIL)
        reject_rbl_client | ok (restriction reject_rbl_client requires domain name argument)
        warn_if_reject reject_rbl_client bl.test | ok
        reject_rhsbl_client rhs.test | 554 5.7.1 Service unavailable; Client host [c.test] blocked using rhs.test
        reject_rhsbl_helo rhs.test | 554 5.7.1 Service unavailable; Helo command [helo.test] blocked using rhs.test
        reject_rhsbl_sender rhs.test | 554 5.7.1 Service unavailable; Sender address [s@sender.test] blocked using rhs.test
        reject_rhsbl_recipient rhs.test | 554 5.7.1 Service unavailable; Recipient address [u@b.test] blocked using rhs.test
        reject_rhsbl_reverse_client rhs.test | 554 5.7.1 Service unavailable; Unverified Client host [c.test] blocked using rhs.test
        permit_dnswl_client white.test reject | ok
        permit_dnswl_client bl.test=127.0.0.3 defer | 450 4.3.2 <u@b.test>: Recipient address rejected: Try again later
        permit_dnswl_client down.test reject | 450 4.7.1 <192.0.2.7>: Client host rejected: Service unavailable (7.2.0.192.down.test: RBL lookup error: SERVFAIL)
        permit_rhswl_client rhs.test reject | ok
        """)
    void asksListsOfClientsAndNames(String words, String expected) {
        assertEquals(expected, ask(words, facts("helo.test", "sender.test", "b.test", AddressClass.LOCAL)));
    }

    @Test
    void letsNobodyRelayBecauseAListHasHim() {
        assertEquals(
                "554 5.7.1 <u@x.test>: Recipient address rejected: Access denied",
                ask("permit_dnswl_client white.test reject", facts("h", "a.test", "x.test", AddressClass.OTHER)));
    }

    @Test
    void refusesToStartWithAPatternThatIsNone() {
        assertThrows(
                ConfigException.class,
                () -> ask("reject_rbl_client bl.test=127.0.0", facts("h", "a.test", "b.test", AddressClass.LOCAL)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        550 5.1.1 $rbl_class $rbl_what $rbl_domain $rbl_reason | 550 5.0.0 Client host 192.0.2.7 bl.test go away
        451 $client of $sender to $recipient_domain, $sender_name | 451 4.7.1 c.test[192.0.2.7] of s@a.test to b.test, s
        551                                             | 450 4.7.1 Service unavailable (rbl response code configuration error: 551)
        600 x                                           | 450 4.7.1 Service unavailable (rbl response code configuration error: 600 x)
        554 ${helo_name}                                | 554 5.7.1 h_${rbl_code}
        """)
    void saysWhatTheTemplateSays(String template, String expected) {
        assertEquals(
                expected,
                ask(
                        "reject_rbl_client bl.test",
                        facts("h\u00e9${rbl_code}", "a.test", "b.test", AddressClass.LOCAL),
                        "default_rbl_reply = " + template));
    }

    @Test
    void hasATableOfReplies() {
        tables.put(
                "hash:t",
                "pcre:{ {/^bl.test=127.0.0.2$/ 554 this one} {/^bl.test$/ 553 that one} {/^white.test$/ 554 $$(bad} }");
        Facts facts = facts("h", "a.test", "b.test", AddressClass.LOCAL);
        String maps = "rbl_reply_maps = hash:t";
        assertEquals("554 5.7.1 this one", ask("reject_rbl_client bl.test=127.0.0.2", facts, maps));
        assertEquals("553 5.7.1 that one", ask("reject_rbl_client bl.test=127.0.0.10", facts, maps));
        assertEquals(
                "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using white.test "
                        + "(bad rbl reply template for domain white.test: 554 $(bad)",
                ask("reject_rbl_client white.test", facts, maps));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        check_sender_mx_access    | mx.mail.test | REJECT | 554 5.7.1 <s@mail.test>: Sender address rejected: Access denied
        check_sender_mx_access    | 192.0.2.25   | REJECT | 554 5.7.1 <s@mail.test>: Sender address rejected: Access denied
        check_sender_ns_access    | ns.bad.test  | REJECT | 554 5.7.1 <s@mail.test>: Sender address rejected: Access denied
        check_sender_ns_access    | 192.0.2.66   | 450 no | 450 4.7.1 <s@mail.test>: Sender address rejected: no
        check_sender_a_access     | 192.0.2      | REJECT | ok
        check_helo_a_access       | 192.0.2      | REJECT | 554 5.7.1 <host.test>: Helo command rejected: Access denied
        check_helo_mx_access      | 192.0.2.1    | REJECT | 554 5.7.1 <host.test>: Helo command rejected: Access denied
        check_helo_mx_access      | 192.0.2.1    | DUNNO  | ok
        check_recipient_mx_access | 192.0.2.1    | REJECT | ok
        """)
    void asksTablesForTheServersOfAName(String check, String key, String value, String expected) {
        table(key, value);
        assertEquals(
                expected,
                ask(check + " hash:t", facts("host.test", "mail.test", "b.test", AddressClass.LOCAL))
                        .replaceFirst(" \\(Unable.*", ""));
    }

    @Test
    void letsNoTableOpenAnythingForTheServersOfAName() {
        table("mx.mail.test", "OK");
        assertEquals(
                "451 4.3.5 Server configuration error "
                        + "(restriction check_sender_mx_access returns OK for s@mail.test) "
                        + "(this is not allowed for security reasons) "
                        + "(use DUNNO instead of OK if you want to make an exception)",
                ask("check_sender_mx_access hash:t", facts("h", "mail.test", "b.test", AddressClass.LOCAL)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        backup.test | ''          | ok
        backup.test | 192.0.2.0/24 | ok
        backup.test | 10.0.0.0/8  | 554 5.7.1
        first.test  | ''          | 554 5.7.1
        mail.test   | ''          | 554 5.7.1
        no.test     | ''          | 554 5.7.1
        fail.test   | ''          | 450 4.4.4
        """)
    void isABackupForWhomTheDnsSaysSo(String domain, String networks, String expected) {
        String said = ask(
                "permit_mx_backup reject",
                facts("h", "a.test", domain, AddressClass.OTHER),
                "permit_mx_backup_networks = " + networks);
        assertEquals(expected, said.substring(0, Math.min(9, said.length())));
    }

    /** The client waits for the slowest list, and not for one after the other. */
    @Test
    void asksListsThatStandTogetherAtTheSameTime() {
        zone.late();
        RestrictionParser parser = TestLists.parser(zone, this::open);
        Restrictions restrictions = TestLists.restrictions(Map.of(
                RestrictionStage.CLIENT,
                parser.parse(
                        RestrictionStage.CLIENT,
                        List.of(
                                "reject_rbl_client",
                                "none.test",
                                "reject_rbl_client",
                                "bl.test",
                                "permit_mynetworks",
                                "reject_rbl_client",
                                "later.test"))));
        Facts facts = facts("h", "a.test", "b.test", AddressClass.LOCAL);
        Inquirer inquirer = new Inquirer(Runnable::run, () -> 0);
        PatientInquiry inquiry = inquirer.begin();
        restrictions.atRecipient(facts, inquiry, null);
        assertEquals(List.of("7.2.0.192.none.test", "7.2.0.192.bl.test"), zone.asked);
        List<Ruling> rulings = new ArrayList<>();
        inquirer.await(inquiry, again -> restrictions.atRecipient(facts, again, null), rulings::add, mistake -> {
            throw mistake;
        });
        while (!zone.owed.isEmpty()) {
            zone.owed.remove().run();
        }
        assertEquals(
                "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.test; go away",
                String.valueOf(rulings.get(0).refusal()).strip());
        assertEquals(List.of("7.2.0.192.none.test", "7.2.0.192.bl.test", "7.2.0.192.bl.test"), zone.asked);
    }
}
