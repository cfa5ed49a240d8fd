// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.rewrite.AddressMappings.Duplicates;
import dev.stafette.engine.rewrite.AddressMappings.Exchange;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressMappingsTest {
    private static final AddressClasses CLASSES =
            new AddressClasses(DomainList.of(List.of("b.test", "local.test")), DomainList.of(List.of()), Set.of());
    private static final AddressRewriter ADDRESSES = AddressRewriter.of("b.test", CLASSES);
    private static final AddressKeys KEYS = new AddressKeys(CLASSES, "b.test", "+", true, "double-bounce");
    private static final Duplicates EACH_GIVEN = new Duplicates(1000, true);
    private static final NameList NOBODY = NameList.read(List.of(), file -> "", spec -> new RowTable());

    private static List<String> section(String name) {
        try (InputStream in = AddressMappingsTest.class.getResourceAsStream("address-mappings.txt")) {
            String text = new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
            int from = text.indexOf('[' + name + "]\n") + name.length() + 3;
            int end = text.indexOf("\n[", from);
            return text.substring(from, end < 0 ? text.length() : end)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<String> cases() {
        return section("cases").stream();
    }

    private static RowTable rows(String section) {
        return new RowTable(section(section).stream()
                .flatMap(line -> Arrays.stream(line.split(" +", 2)))
                .map(text -> text.replace('~', ' '))
                .toArray(String[]::new));
    }

    /** A key and its value, or no table. */
    private static List<Table> rows(String[] row) {
        return row.length < 2 ? List.of() : List.of(new RowTable(row));
    }

    private static AddressMap map(String name, Table table) {
        return new AddressMap(name, List.of(table), KEYS, ADDRESSES, true);
    }

    private static AliasExpansion aliases(Table table) {
        return new AliasExpansion(map("virtual_alias_maps", table), 1000, 1000, 1000);
    }

    private static Exchange canonical(Table table, AddressUse... uses) {
        return new Exchange(new CanonicalExchange(map("canonical_maps", table)), Set.of(uses));
    }

    private static AddressMappings onlyAliases(Table table) {
        return new AddressMappings(List.of(), null, aliases(table), EACH_GIVEN, ADDRESSES);
    }

    private static MailAddress address(String text) {
        return text.isEmpty()
                ? MailAddress.NULL
                : assertInstanceOf(MailAddress.class, AddressParser.parse(text.replace('~', ' ')));
    }

    private static Envelope envelope(String sender, String... recipients) {
        return Envelope.of(
                address(sender),
                Arrays.stream(recipients)
                        .map(one -> new EnvelopeRecipient(address(one)))
                        .toList());
    }

    private static String recipients(AddressMappings mappings, Envelope envelope) {
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        Envelope mapped = mappings.map(envelope, true, run);
        return run.refusal() == null ? recipients(mapped) : run.refusal().logText();
    }

    private static String recipients(Envelope envelope) {
        return envelope.recipients().stream()
                .map(one -> one.address().external())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void makesOfARecipientWhatPostfixMakes(String line) {
        String[] fields = line.split("\\|");
        AddressMappings mappings = new AddressMappings(
                List.of(canonical(rows("canonical"), AddressUse.ENVELOPE_RECIPIENT)),
                null,
                aliases(rows("virtual")),
                EACH_GIVEN,
                ADDRESSES);
        String expected = fields[1].strip().replace('~', ' ');
        assertEquals(expected, recipients(mappings, envelope("s@s.test", fields[0].strip())));
    }

    @Test
    void exchangesAddressesWhereTheirClassIsNamedAndNowhereElse() {
        for (AddressUse named : AddressUse.values()) {
            AddressMappings mappings = new AddressMappings(
                    List.of(canonical(new RowTable("u@x.test", "v@x.test"), named)), null, null, EACH_GIVEN, ADDRESSES);
            MappingRun run = new MappingRun(Inquiry.BLOCKING);
            for (AddressUse use : AddressUse.values()) {
                assertEquals(use == named, mappings.exchanges(use));
                String expected = use == named ? "v@x.test" : "u@x.test";
                assertEquals(
                        expected, mappings.map(address("u@x.test"), use, run).external());
            }
        }
    }

    @Test
    void leavesTheNullSenderAlone() {
        RowTable all = new RowTable().ofPatterns();
        AddressMappings mappings = new AddressMappings(
                List.of(canonical(all, AddressUse.ENVELOPE_SENDER)), null, null, EACH_GIVEN, ADDRESSES);
        Envelope mapped = mappings.map(envelope("", "u@x.test"), true, new MappingRun(Inquiry.BLOCKING));
        assertTrue(mapped.sender().isNull());
        assertEquals(List.of(), all.asked);
    }

    /** As on Postfix: masquerade_domains = a.m.test !n.m.test m.test, masquerade_exceptions = root. */
    @ParameterizedTest
    @CsvSource({
        "u@a.m.test, u@a.m.test",
        "u@x.a.m.test, u@a.m.test",
        "u@n.m.test, u@n.m.test",
        "u@x.n.m.test, u@x.n.m.test",
        "root@x.m.test, root@x.m.test",
        "Root@x.m.test, Root@x.m.test",
        "u@m.test, u@m.test",
        "u@zz.m.test, u@m.test",
        "u@ZZ.M.Test, u@m.test",
        "u@zzm.test, u@zzm.test"
    })
    void hidesHostsBehindTheirDomain(String given, String expected) {
        NameList root = NameList.read(List.of("root"), file -> "", spec -> new RowTable());
        Masquerade masquerade = new Masquerade(List.of("a.m.test", "!n.m.test", "m.test"), root);
        MailAddress seen = masquerade.exchange(address(given), new MappingRun(Inquiry.BLOCKING));
        assertEquals(expected, seen.external());
    }

    @Test
    void asksEachMapOncePerAddressAndKey() {
        RowTable virtual = new RowTable("u@x.test", "v@x.test");
        recipients(onlyAliases(virtual), envelope("s@s.test", "u@x.test"));
        assertEquals(List.of("u@x.test", "v@x.test", "@x.test"), virtual.asked);
    }

    @Test
    void keepsTheEnvelopeAsItIsWhereNothingTouchesIt() {
        Envelope given = envelope("s@s.test", "u@x.test");
        AddressMappings mappings = onlyAliases(new RowTable("a@x.test", "b@x.test"));
        Envelope mapped = mappings.map(given, true, new MappingRun(Inquiry.BLOCKING));
        assertEquals(given, mapped);
        assertSame(given.recipients().get(0), mapped.recipients().get(0));
        assertFalse(AddressMappings.NONE.isForEnvelopes());
    }

    @Test
    void followsTheRouteThatATableHasAndFindsAPlaceForNobody() {
        RowTable virtual = new RowTable("a@x.test", "u%w.test@b.test", "n@x.test", "<>");
        assertEquals("u@w.test", recipients(onlyAliases(virtual), envelope("s@s.test", "a@x.test")));
        assertEquals("MAILER-DAEMON@b.test", recipients(onlyAliases(virtual), envelope("s@s.test", "n@x.test")));
    }

    // Bounds. --------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1000, 1001, 100_000})
    void refusesAnAliasThatStandsForTooMany(int count) {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < count; i++) {
            many.append(i == 0 ? "" : ", ").append("u").append(i).append("@y.test");
        }
        RowTable virtual = new RowTable("all@x.test", many.toString());
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        Envelope mapped = onlyAliases(virtual).map(envelope("s@s.test", "all@x.test"), true, run);
        if (count <= 1000) {
            assertNull(run.refusal());
            assertEquals(count, mapped.recipients().size());
        } else {
            assertEquals(SmtpPhrasebook.ALIAS_EXPANSION, run.refusal());
            assertEquals(
                    List.of("unreasonable virtual_alias_maps map expansion size for all@x.test"
                            + " -- message not accepted, try again later"),
                    run.warnings());
            assertTrue(virtual.asked.size() < 10, "looked up before it was counted");
        }
    }

    /** Each of them doubles itself. */
    @Test
    void endsWhereAliasesGrowWithoutEnd() {
        RowTable virtual = new RowTable("a@x.test", "b@x.test c@x.test", "b@x.test", "a@x.test c@x.test");
        assertEquals(
                SmtpPhrasebook.ALIAS_EXPANSION.logText(),
                recipients(onlyAliases(virtual), envelope("s@s.test", "a@x.test")));
    }

    @Test
    void refusesAnAddressThatIsTooLong() {
        RowTable virtual =
                new RowTable("a@x.test", "u".repeat(993) + "@y.test", "b@x.test", "u".repeat(994) + "@y.test");
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        onlyAliases(virtual).map(envelope("s@s.test", "a@x.test"), true, run);
        assertNull(run.refusal());
        onlyAliases(virtual).map(envelope("s@s.test", "b@x.test"), true, run);
        assertEquals(SmtpPhrasebook.ALIAS_EXPANSION, run.refusal());
        assertTrue(run.warnings().get(0).startsWith("unreasonable virtual_alias_maps result uuu"));
    }

    @Test
    void refusesMoreRecipientsThanAMessageMayHave() {
        StringBuilder thousand = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            thousand.append("u").append(i).append("@y.test ");
        }
        List<EnvelopeRecipient> all = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i <= AddressMappings.RECIPIENTS_MAX / 1000; i++) {
            all.add(new EnvelopeRecipient(address("l" + i + "@x.test")));
            rows.addAll(List.of("l" + i + "@x.test", thousand.toString()));
        }
        AddressMappings mappings = onlyAliases(new RowTable(rows.toArray(String[]::new)));
        assertEquals(
                SmtpPhrasebook.ALIAS_EXPANSION.logText(), recipients(mappings, Envelope.of(MailAddress.NULL, all)));
    }

    @Test
    void refusesForNowWhatATableDoesNotSay() {
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        onlyAliases(new RowTable().mute()).map(envelope("s@s.test", "u@x.test"), true, run);
        assertEquals(SmtpPhrasebook.ADDRESS_LOOKUP, run.refusal());
        assertEquals(
                List.of("virtual_alias_maps map lookup problem for u@x.test -- message not accepted, try again later"),
                run.warnings());
    }

    // Copies. --------------------------------------------------------------------------------------------------------

    private static AddressMappings copying(
            String bySender, String byRecipient, String always, @Nullable Table aliases) {
        AutomaticCopies copies =
                new AutomaticCopies(rows(bySender.split(" ")), rows(byRecipient.split(" ")), always, KEYS, ADDRESSES);
        return new AddressMappings(List.of(), copies, aliases == null ? null : aliases(aliases), EACH_GIVEN, ADDRESSES);
    }

    @Test
    void sendsCopiesThatNobodyIsToldAbout() {
        AddressMappings mappings = copying("s@s.test bs@x.test", "@x.test br@y.test", "all", null);
        Envelope mapped =
                mappings.map(envelope("s@s.test", "u@x.test", "v@x.test"), true, new MappingRun(Inquiry.BLOCKING));
        assertEquals("u@x.test v@x.test bs@x.test br@y.test all@b.test", recipients(mapped));
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    i < 2 ? DsnNotify.UNSPECIFIED : DsnNotify.NEVER,
                    mapped.recipients().get(i).notifyBits());
        }
    }

    @Test
    void sendsNoCopyTwiceAndNoneToWhoGetsTheMessageAnyway() {
        AddressMappings mappings = copying("s@s.test all@b.test", "u@x.test all@b.test", "all@b.test", null);
        assertEquals("u@x.test all@b.test", recipients(mappings, envelope("s@s.test", "u@x.test")));
        assertEquals("All@b.test", recipients(mappings, envelope("s@s.test", "All@b.test")));
    }

    @Test
    void expandsTheAliasThatACopyIsFor() {
        AddressMappings mappings = copying("", "", "all@b.test", new RowTable("all", "c@y.test d@y.test u@x.test"));
        assertEquals("u@x.test c@y.test d@y.test", recipients(mappings, envelope("s@s.test", "u@x.test")));
    }

    @Test
    void makesNoCopiesOfMailThatHasBeenHereBefore() {
        AddressMappings mappings = copying("s@s.test bs@x.test", "", "all", null);
        Envelope mapped = mappings.map(envelope("s@s.test", "u@x.test"), false, new MappingRun(Inquiry.BLOCKING));
        assertEquals("u@x.test", recipients(mapped));
    }

    // What was given.
    // --------------------------------------------------------------------------------------------------

    @Test
    void deliversOnceForEachAddressThatWasGiven() {
        RowTable virtual = new RowTable("a@x.test", "c@x.test", "b@x.test", "c@x.test");
        Envelope given = envelope("s@s.test", "a@x.test", "b@x.test", "c@x.test", "a@x.test");
        Envelope each = onlyAliases(virtual).map(given, true, new MappingRun(Inquiry.BLOCKING));
        assertEquals("c@x.test c@x.test c@x.test", recipients(each));
        assertEquals("a@x.test", each.recipients().get(0).givenAddress());
        AddressMappings once = new AddressMappings(
                List.of(), null, aliases(virtual), new Duplicates(RecipientList.UNLIMITED, false), ADDRESSES);
        Envelope one = once.map(given, true, new MappingRun(Inquiry.BLOCKING));
        assertEquals("c@x.test", recipients(one));
        assertEquals("a@x.test", one.recipients().get(0).givenAddress());
    }

    /** Whatever the tables say: it ends, and every recipient has somebody, or the message is refused. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void losesNobodyWhateverTheMapsSay(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            AddressMappings mappings = new AddressMappings(
                    List.of(
                            canonical(randomRows(random), AddressUse.ENVELOPE_RECIPIENT, AddressUse.ENVELOPE_SENDER),
                            new Exchange(
                                    new Masquerade(List.of("x.test", "!y.test"), NOBODY),
                                    EnumSet.allOf(AddressUse.class))),
                    new AutomaticCopies(
                            List.of(randomRows(random)), List.of(randomRows(random)), "all", KEYS, ADDRESSES),
                    new AliasExpansion(map("virtual_alias_maps", randomRows(random)), 20, 20, 200),
                    EACH_GIVEN,
                    ADDRESSES);
            for (int i = 0; i < 5; i++) {
                String one = randomAddress(random);
                MappingRun run = new MappingRun(Inquiry.BLOCKING);
                Envelope mapped = mappings.map(
                        Envelope.of(
                                address("s@x.test"), List.of(new EnvelopeRecipient(ADDRESSES.complete(address(one))))),
                        true,
                        run);
                assertNotNull(mapped);
                assertTrue(run.refusal() != null || !mapped.recipients().isEmpty(), one);
                assertTrue(mapped.recipients().size() <= 84, () -> "seed " + seed);
            }
        }
    }

    private static RowTable randomRows(Random random) {
        List<String> rows = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            StringBuilder results = new StringBuilder(randomAddress(random));
            for (int more = random.nextInt(4); more > 0; more--) {
                results.append(random.nextBoolean() ? ", " : " ").append(randomAddress(random));
            }
            String key =
                    random.nextInt(4) == 0 ? "@" + (char) ('x' + random.nextInt(3)) + ".test" : randomAddress(random);
            rows.addAll(List.of(key, random.nextInt(6) == 0 ? "@y.test" : results.toString()));
        }
        return new RowTable(rows.toArray(String[]::new));
    }

    private static String randomAddress(Random random) {
        String user = String.valueOf((char) ('a' + random.nextInt(4))) + (random.nextInt(4) == 0 ? "+e" : "");
        return random.nextInt(4) == 0 ? user : user + '@' + (char) ('x' + random.nextInt(3)) + ".test";
    }
}
