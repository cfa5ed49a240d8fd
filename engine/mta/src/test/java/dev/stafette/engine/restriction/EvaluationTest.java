// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.restriction.RestrictionTable.Row;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import dev.stafette.engine.table.Table;
import io.netty.util.NetUtil;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How lists of checks come to a decision; with the real names, and with checks of the test's own for what has none yet. */
class EvaluationTest {
    private static final SmtpReply NO_ANSWER = SmtpReply.of(451, EnhancedStatus.of(4, 3, 0), "no answer");

    /** {@code say_x} says it; {@code check_client_access type:table} refuses who is in the table. */
    private static final List<Row> ROWS = rows();

    private static final Map<String, List<String>> CLASSES = Map.of(
            "closed", List.of("reject_unauth_destination"),
            "ours", List.of("permit_mynetworks"),
            "both", List.of("closed", "ours"),
            "loop", List.of("loop", "say_hold"));

    private final FakeTables tables = new FakeTables();
    private final Map<RestrictionStage, RestrictionList> lists = new EnumMap<>(RestrictionStage.class);

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>(RestrictionTable.ROWS);
        rows.removeIf(row -> row.name().equals("check_client_access"));
        for (AccessAction action : List.of(
                AccessAction.HOLD,
                AccessAction.PREPEND,
                AccessAction.REDIRECT,
                AccessAction.DISCARD,
                AccessAction.FILTER,
                AccessAction.BCC,
                AccessAction.WARN,
                AccessAction.INFO)) {
            String name = "say_" + action.name().toLowerCase(Locale.ROOT);
            rows.add(row(name, Verdict.effect(action, "of " + name, "")));
        }
        rows.add(row("say_fault", Verdict.fault(NO_ANSWER)));
        rows.add(new Row("check_client_access", Argument.TABLE, EvaluationTest::inTable));
        return rows;
    }

    private static Row row(String name, Verdict verdict) {
        return new Row(name, Argument.NONE, (argument, stage, parser) -> new FixedVerdict(verdict));
    }

    private static Restriction inTable(String argument, RestrictionStage stage, RestrictionParser parser) {
        Table table = parser.parts().tables().open(argument);
        return (facts, subject, inquiry) -> switch (table.lookup(facts.client().name(), inquiry)
                .finding()) {
            case FOUND -> Verdict.reject(facts.refusal(subject, 554, EnhancedStatus.of(5, 7, 1), "Access denied"));
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> Verdict.fault(NO_ANSWER);
        };
    }

    private RestrictionParser parser() {
        return TestLists.parser(ROWS, CLASSES, tables);
    }

    private void list(RestrictionStage stage, String words) {
        lists.put(stage, parser().parse(stage, List.of(words.split("[, ]+"))));
    }

    private static Facts facts(String recipient, AddressClass targetClass) {
        ClientFacts client =
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("127.0.0.1"), "localhost", Finding.FOUND);
        MailAddress address = MailAddress.of("u", recipient);
        return new Facts(
                client,
                "c.test",
                MailAddress.of("s", "a.test"),
                new RecipientFacts(address, address, targetClass, null, false),
                "etrn.test");
    }

    private Ruling atRecipient(Facts facts) {
        return TestLists.restrictions(lists).atRecipient(facts, Inquiry.BLOCKING, null);
    }

    private Ruling atRecipient() {
        return atRecipient(facts("b.test", AddressClass.LOCAL));
    }

    private static String text(Ruling ruling) {
        return ruling.refusal() == null ? "ok" : ruling.refusal().toString().strip();
    }

    private static String effects(Ruling ruling) {
        return ruling.effects().stream()
                .map(effect -> effect.action() + " " + effect.argument())
                .collect(Collectors.joining(", "));
    }

    /** As Postfix 3.7 answers for a recipient elsewhere and for one here, with reject_unauth_destination for all recipients. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        reject                                          | 554 5.7.1 Access denied | 554 5.7.1 Access denied
        defer                                           | 450 4.3.2 Try again later | 450 4.3.2 Try again later
        permit, reject                                  | 554 5.7.1 Relay access denied | ok
        defer_if_permit, permit                         | 554 5.7.1 Relay access denied | 450 4.7.0 defer_if_permit requested
        defer_if_permit, reject                         | 554 5.7.1 Access denied | 554 5.7.1 Access denied
        defer_if_reject, reject                         | 450 4.7.0 defer_if_reject requested | 450 4.7.0 defer_if_reject requested
        defer_if_reject, defer                          | 450 4.3.2 Try again later | 450 4.3.2 Try again later
        defer_if_reject, permit                         | 450 4.7.0 defer_if_reject requested | ok
        defer_if_permit, defer_if_reject, reject        | 450 4.7.0 defer_if_reject requested | 450 4.7.0 defer_if_permit requested
        defer_if_reject, defer_if_permit, permit        | 450 4.7.0 defer_if_reject requested | 450 4.7.0 defer_if_permit requested
        warn_if_reject, reject, permit                  | 554 5.7.1 Relay access denied | ok
        warn_if_reject, reject, reject_unauth_destination | 554 5.7.1 Relay access denied | ok
        warn_if_reject, defer_if_permit, permit         | 554 5.7.1 Relay access denied | ok
        warn_if_reject, defer_if_reject, reject         | 450 4.7.0 defer_if_reject requested | 450 4.7.0 defer_if_reject requested
        warn_if_reject, closed, permit                  | 554 5.7.1 Relay access denied | ok
        warn_if_reject, closed, reject                  | 554 5.7.1 Access denied | 554 5.7.1 Access denied
        ours, reject                                    | 554 5.7.1 Relay access denied | ok
        warn_if_reject, permit, reject                  | 554 5.7.1 Relay access denied | ok
        reject_unlisted_recipient, reject               | 554 5.7.1 Access denied | 554 5.7.1 Access denied
        permit_auth_destination, reject                 | 554 5.7.1 Access denied | ok
        WARN_IF_REJECT, REJECT, permit                  | 554 5.7.1 Relay access denied | ok
        warn_if_reject                                  | 554 5.7.1 Relay access denied | ok
        warn_if_reject, permit_mynetworks, reject       | 554 5.7.1 Relay access denied | ok
        defer_if_permit, warn_if_reject, reject, permit | 554 5.7.1 Relay access denied | 450 4.7.0 defer_if_permit requested
        defer_unauth_destination                        | 454 4.7.1 Relay access denied | ok
        reject_unauth_destination, reject               | 554 5.7.1 Relay access denied | 554 5.7.1 Access denied
        """)
    void decidesAsPostfix(String relay, String elsewhere, String here) {
        list(RestrictionStage.RELAY, relay);
        list(RestrictionStage.RECIPIENT, "reject_unauth_destination");
        assertEquals(elsewhere, brief(atRecipient(facts("x.test", AddressClass.OTHER))));
        assertEquals(here, brief(atRecipient()));
    }

    /** Without what is refused, and what it is. */
    private static String brief(Ruling ruling) {
        return text(ruling).replaceFirst("<u@[a-z]+\\.test>: (Recipient address rejected: )?", "");
    }

    @Test
    void collectsEffectsInTheOrderOfTheChecks() {
        list(RestrictionStage.CLIENT, "say_prepend say_hold");
        list(RestrictionStage.SENDER, "say_bcc say_warn permit say_info");
        list(RestrictionStage.RECIPIENT, "say_filter say_redirect say_prepend");
        Ruling ruling = atRecipient();
        assertNull(ruling.refusal());
        assertEquals(
                "PREPEND of say_prepend, HOLD of say_hold, BCC of say_bcc, WARN of say_warn, FILTER of say_filter, "
                        + "REDIRECT of say_redirect, PREPEND of say_prepend",
                effects(ruling));
    }

    @Test
    void looksNoFurtherWhenAMessageIsDiscarded() {
        list(RestrictionStage.CLIENT, "say_discard say_hold reject");
        list(RestrictionStage.RELAY, "reject");
        Ruling ruling = atRecipient();
        assertEquals("ok", text(ruling));
        assertEquals("DISCARD of say_discard", effects(ruling));
    }

    @Test
    void looksNoFurtherWhenTheClientIsRefused() {
        list(RestrictionStage.HELO, "reject");
        list(RestrictionStage.RELAY, "say_hold");
        Ruling ruling = atRecipient();
        assertEquals("554 5.7.1 <c.test>: Helo command rejected: Access denied", text(ruling));
        assertEquals(List.of(), ruling.effects());
    }

    @Test
    void remembersWhatItOnlyWarnsOf() {
        list(RestrictionStage.CLIENT, "warn_if_reject reject");
        list(RestrictionStage.SENDER, "warn_if_reject defer reject");
        Ruling ruling = atRecipient();
        assertEquals("554 5.7.1 <s@a.test>: Sender address rejected: Access denied", text(ruling));
        assertEquals(
                List.of(
                        "554 5.7.1 <localhost[127.0.0.1]>: Client host rejected: Access denied",
                        "450 4.3.2 <s@a.test>: Sender address rejected: Try again later"),
                ruling.effects().stream()
                        .map(effect -> String.valueOf(effect.reply()).strip())
                        .toList());
    }

    /** Nobody knows what would have been warned of. */
    @Test
    void neverPassesOverACheckThatCouldNotBeMade() {
        list(RestrictionStage.CLIENT, "warn_if_reject say_fault permit");
        assertEquals("451 4.3.0 no answer", text(atRecipient()));
    }

    @ParameterizedTest
    @EnumSource(RestrictionStage.class)
    void saysWhatIsRefusedAtEachStage(RestrictionStage stage) {
        list(stage, "reject");
        String what = switch (stage) {
            case CLIENT -> "<localhost[127.0.0.1]>: Client host";
            case HELO -> "<c.test>: Helo command";
            case SENDER -> "<s@a.test>: Sender address";
            case RELAY, RECIPIENT -> "<u@b.test>: Recipient address";
            case DATA -> "<DATA>: Data command";
            case END_OF_DATA -> "<END-OF-MESSAGE>: End-of-data";
            case ETRN -> "<etrn.test>: Etrn command";
        };
        Restrictions restrictions = TestLists.restrictions(lists);
        assertEquals(
                "554 5.7.1 " + what + " rejected: Access denied",
                text(restrictions.at(stage, facts("b.test", AddressClass.LOCAL), Inquiry.BLOCKING, null)));
    }

    @Test
    void hasNoOpinionOfARecipientBeforeThereIsOne() {
        list(RestrictionStage.CLIENT, "reject_unauth_destination reject_unlisted_recipient");
        Facts facts = new Facts(facts("b.test", AddressClass.LOCAL).client(), "", null, null, "");
        assertSame(
                Ruling.WELCOME,
                TestLists.restrictions(lists).at(RestrictionStage.CLIENT, facts, Inquiry.BLOCKING, null));
    }

    @Test
    void putsTheWordsOfAClassInItsPlace() {
        RestrictionList list = parser().parse(RestrictionStage.RELAY, List.of("warn_if_reject", "both", "permit"));
        assertEquals(
                "reject_unauth_destination true, permit_mynetworks true, permit false",
                list.steps().stream()
                        .map(step -> step.name() + " " + step.onlyWarns())
                        .collect(Collectors.joining(", ")));
        // One that names itself ends somewhere.
        assertTrue(
                parser().parse(RestrictionStage.RELAY, List.of("loop")).steps().size() > 1);
    }

    @Test
    void givesACheckItsTable() {
        tables.table("hash:a", "localhost").table("hash:b");
        list(RestrictionStage.CLIENT, "check_client_access hash:b, hash:a");
        assertEquals("554 5.7.1 <localhost[127.0.0.1]>: Client host rejected: Access denied", text(atRecipient()));
    }

    /** What only warns keeps nobody out, nor does what stands behind permit. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        permit_mynetworks                                 | ''                        | false
        ''                                                | ''                        | false
        warn_if_reject, closed                            | permit_mynetworks         | false
        permit, reject                                    | ''                        | false
        loop                                              | loop, loop                | false
        closed                                            | ''                        | true
        ''                                                | both                      | true
        permit, reject                                    | permit_mynetworks, reject | true
        check_relay_domains                               | permit                    | true
        warn_if_reject                                    | DEFER_IF_PERMIT           | true
        """)
    void doesNotStartWithListsThatLetStrangersRelay(String relay, String recipient, boolean isSafe) {
        OpenRelayGuard guard = new OpenRelayGuard(CLASSES);
        if (isSafe) {
            guard.check(List.of(relay.split("[, ]+")), List.of(recipient.split("[, ]+")));
            return;
        }
        ConfigException refusal = assertThrows(
                ConfigException.class,
                () -> guard.check(List.of(relay.split("[, ]+")), List.of(recipient.split("[, ]+"))));
        assertEquals(
                "in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working "
                        + "instance of: reject_unauth_destination, defer_unauth_destination, reject, defer, "
                        + "defer_if_permit or check_relay_domains",
                refusal.getMessage());
    }

    @Test
    void goesOnWithTheRestrictionsThatATableNames() {
        RestrictionList named = parser().parse(RestrictionStage.RELAY, List.of("say_hold", "permit"));
        Restriction naming = (facts, subject, inquiry) -> Verdict.continueWith(named, subject, null);
        lists.put(
                RestrictionStage.RELAY,
                new RestrictionList(List.of(
                        new RestrictionList.Step("naming", naming, false),
                        new RestrictionList.Step("reject", RejectAll.reject(554), false))));
        Ruling ruling = atRecipient();
        assertEquals("ok", text(ruling));
        assertEquals("HOLD of say_hold", effects(ruling));
    }

    @Test
    void endsListsThatNameThemselves() {
        RestrictionList[] self = new RestrictionList[1];
        self[0] = new RestrictionList(List.of(new RestrictionList.Step(
                "self", (facts, subject, inquiry) -> Verdict.continueWith(self[0], subject, null), false)));
        lists.put(RestrictionStage.RELAY, self[0]);
        assertEquals("451 4.3.5 Server configuration error", text(atRecipient()));
    }

    /** A slow table in the middle of a list: what was gathered before is gathered again, and counts once. */
    @Test
    void countsNothingTwiceWhenItWaitsForATable() {
        tables.table("ldap:c").slow("ldap:c");
        list(RestrictionStage.CLIENT, "say_hold check_client_access ldap:c say_prepend");
        Restrictions restrictions = TestLists.restrictions(lists);
        Facts facts = facts("b.test", AddressClass.LOCAL);
        Inquirer inquirer = new Inquirer(Runnable::run, () -> 0);
        PatientInquiry inquiry = inquirer.begin();
        restrictions.atRecipient(facts, inquiry, null);
        assertTrue(inquiry.isWaiting());
        List<Ruling> rulings = new ArrayList<>();
        inquirer.await(inquiry, again -> restrictions.atRecipient(facts, again, null), rulings::add, mistake -> {
            throw mistake;
        });
        tables.lookups.remove().run();
        assertEquals(1, rulings.size());
        assertNull(rulings.get(0).refusal());
        assertEquals("HOLD of say_hold, PREPEND of say_prepend", effects(rulings.get(0)));
    }

    /** The way of a RCPT that nothing slow or unusual concerns: one small object a recipient, whatever the lists. */
    @Test
    void makesNextToNoGarbageWhereTablesAreInMemory() {
        list(RestrictionStage.RELAY, "permit_sasl_authenticated, reject_unauth_destination");
        list(RestrictionStage.RECIPIENT, "reject_unlisted_recipient, permit");
        Restrictions restrictions = TestLists.restrictions(lists);
        Facts facts = facts("b.test", AddressClass.LOCAL);
        Inquirer inquirer = new Inquirer(Runnable::run, () -> 0);
        judge(restrictions, facts, inquirer, 10_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        judge(restrictions, facts, inquirer, 10_000);
        long bytes = (threads.getThreadAllocatedBytes(id) - before) / 10_000;
        assertTrue(bytes <= 64, bytes + " bytes a recipient");
    }

    private static void judge(Restrictions restrictions, Facts facts, Inquirer inquirer, int count) {
        for (int i = 0; i < count; i++) {
            PatientInquiry inquiry = inquirer.begin();
            if (restrictions.atRecipient(facts, inquiry, null) != Ruling.WELCOME || inquiry.isWaiting()) {
                throw new AssertionError("not welcome");
            }
        }
    }
}
