// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.match.ListTables;
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
    private static final RecipientExistence ANYBODY =
            RecipientExistence.of(FakeHost.settings("local_recipient_maps ="), ListTables.UNOPENED);
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
            rows.add(row(name, Verdict.effect(action, "of " + name)));
        }
        rows.add(row("say_fault", Verdict.fault(NO_ANSWER)));
        rows.add(new Row("check_client_access", true, false, EvaluationTest::inTable));
        return rows;
    }

    private static Row row(String name, Verdict verdict) {
        return new Row(name, false, false, (argument, parts) -> new FixedVerdict(verdict));
    }

    private static Restriction inTable(String argument, RestrictionParts parts) {
        Table table = parts.tables().open(argument);
        return (facts, stage, inquiry) -> switch (table.lookup(facts.client().name(), inquiry)
                .finding()) {
            case FOUND -> Verdict.reject(facts.refusal(stage, 554, EnhancedStatus.of(5, 7, 1), "Access denied"));
            case NOT_FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> Verdict.fault(NO_ANSWER);
        };
    }

    private RestrictionParser parser() {
        return new RestrictionParser(ROWS, CLASSES, new RestrictionParts(554, 554, ANYBODY, tables));
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
                new RecipientFacts(address, address, targetClass, false),
                "etrn.test");
    }

    private Ruling atRecipient(Facts facts) {
        return new Restrictions(lists, Map.of()).atRecipient(facts, Inquiry.BLOCKING);
    }

    private Ruling atRecipient() {
        return atRecipient(facts("b.test", AddressClass.LOCAL));
    }

    private static String text(Ruling ruling) {
        return ruling.refusal() == null ? "ok" : ruling.refusal().toString().strip();
    }

    private static String effects(Ruling ruling) {
        return ruling.effects().stream()
                .map(effect -> effect.stage() + " " + effect.action() + " " + effect.argument())
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
                "CLIENT PREPEND of say_prepend, CLIENT HOLD of say_hold, SENDER BCC of say_bcc, SENDER WARN of say_warn, "
                        + "RECIPIENT FILTER of say_filter, RECIPIENT REDIRECT of say_redirect, "
                        + "RECIPIENT PREPEND of say_prepend",
                effects(ruling));
    }

    @Test
    void looksNoFurtherWhenAMessageIsDiscarded() {
        list(RestrictionStage.CLIENT, "say_discard say_hold reject");
        list(RestrictionStage.RELAY, "reject");
        Ruling ruling = atRecipient();
        assertEquals("ok", text(ruling));
        assertEquals("CLIENT DISCARD of say_discard", effects(ruling));
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
        Restrictions restrictions = new Restrictions(lists, Map.of());
        assertEquals(
                "554 5.7.1 " + what + " rejected: Access denied",
                text(restrictions.at(stage, facts("b.test", AddressClass.LOCAL), Inquiry.BLOCKING)));
    }

    @Test
    void hasNoOpinionOfARecipientBeforeThereIsOne() {
        list(RestrictionStage.CLIENT, "reject_unauth_destination reject_unlisted_recipient");
        Facts facts = new Facts(facts("b.test", AddressClass.LOCAL).client(), "", null, null, "");
        assertSame(
                Ruling.WELCOME, new Restrictions(lists, Map.of()).at(RestrictionStage.CLIENT, facts, Inquiry.BLOCKING));
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

    /** What only warns keeps nobody out. */
    @Test
    void closesAListThatLetsStrangersRelay() {
        assertEquals(
                List.of("reject_unauth_destination", "permit_mynetworks", "defer_unauth_destination"),
                names(parser().parseClosed(RestrictionStage.RELAY, List.of("warn_if_reject", "closed"))));
        assertEquals(
                List.of("reject_unauth_destination"),
                names(parser().parseClosed(RestrictionStage.RELAY, List.of("closed"))));
    }

    private static List<String> names(RestrictionList list) {
        return list.steps().stream().map(RestrictionList.Step::name).toList();
    }

    @Test
    void goesOnWithTheRestrictionsThatATableNames() {
        RestrictionList named = parser().parse(RestrictionStage.RELAY, List.of("say_hold", "permit"));
        Restriction naming = (facts, stage, inquiry) -> Verdict.continueWith(named);
        lists.put(
                RestrictionStage.RELAY,
                new RestrictionList(List.of(
                        new RestrictionList.Step("naming", naming, false),
                        new RestrictionList.Step("reject", RejectAll.reject(554), false))));
        Ruling ruling = atRecipient();
        assertEquals("ok", text(ruling));
        assertEquals("RELAY HOLD of say_hold", effects(ruling));
    }

    @Test
    void endsListsThatNameThemselves() {
        RestrictionList[] self = new RestrictionList[1];
        self[0] = new RestrictionList(List.of(
                new RestrictionList.Step("self", (facts, stage, inquiry) -> Verdict.continueWith(self[0]), false)));
        lists.put(RestrictionStage.RELAY, self[0]);
        assertEquals("451 4.3.5 Server configuration error", text(atRecipient()));
    }

    /** A slow table in the middle of a list: what was gathered before is gathered again, and counts once. */
    @Test
    void countsNothingTwiceWhenItWaitsForATable() {
        tables.table("ldap:c").slow("ldap:c");
        list(RestrictionStage.CLIENT, "say_hold check_client_access ldap:c say_prepend");
        Restrictions restrictions = new Restrictions(lists, Map.of());
        Facts facts = facts("b.test", AddressClass.LOCAL);
        Inquirer inquirer = new Inquirer(Runnable::run, () -> 0);
        PatientInquiry inquiry = inquirer.begin();
        restrictions.atRecipient(facts, inquiry);
        assertTrue(inquiry.isWaiting());
        List<Ruling> rulings = new ArrayList<>();
        inquirer.await(inquiry, again -> restrictions.atRecipient(facts, again), rulings::add, mistake -> {
            throw mistake;
        });
        tables.lookups.remove().run();
        assertEquals(1, rulings.size());
        assertNull(rulings.get(0).refusal());
        assertEquals("CLIENT HOLD of say_hold, CLIENT PREPEND of say_prepend", effects(rulings.get(0)));
    }

    /** The way of a RCPT that nothing slow or unusual concerns: one small object a recipient, whatever the lists. */
    @Test
    void makesNextToNoGarbageWhereTablesAreInMemory() {
        list(RestrictionStage.RELAY, "permit_sasl_authenticated, reject_unauth_destination");
        list(RestrictionStage.RECIPIENT, "reject_unlisted_recipient, permit");
        Restrictions restrictions = new Restrictions(lists, Map.of());
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
            if (restrictions.atRecipient(facts, inquiry) != Ruling.WELCOME || inquiry.isWaiting()) {
                throw new AssertionError("not welcome");
            }
        }
    }
}
