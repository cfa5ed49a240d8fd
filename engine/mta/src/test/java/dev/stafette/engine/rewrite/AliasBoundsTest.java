// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.rewrite.AddressMappings.Duplicates;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Aliases that stand for too many cost a refusal, and no memory; those of whom the sender wants to hear are told of. */
class AliasBoundsTest {
    private static final AddressClasses CLASSES =
            new AddressClasses(DomainList.of(List.of("b.test")), DomainList.of(List.of()), Set.of());
    private static final AddressRewriter ADDRESSES = AddressRewriter.of("b.test", CLASSES);
    private static final AddressKeys KEYS = new AddressKeys(CLASSES, "b.test", "+", true, "double-bounce");
    private static final MailAddress SENDER = MailAddress.of("s", "s.test");

    /** Of what a thousand addresses need. */
    private static final long ALLOCATED_BYTES_MAX = 16 << 20;

    private static AddressMappings aliases(Table table) {
        AddressMap map = new AddressMap("virtual_alias_maps", List.of(table), KEYS, ADDRESSES, true);
        return new AddressMappings(
                List.of(), null, new AliasExpansion(map, 1000, 1000, 1000), new Duplicates(1000, true), ADDRESSES);
    }

    private static Envelope to(int notify, String... localParts) {
        return Envelope.of(
                SENDER,
                List.of(localParts).stream()
                        .map(one -> new EnvelopeRecipient(MailAddress.of(one, "x.test"), notify, null))
                        .toList());
    }

    private static String many(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i + "@x.test").collect(Collectors.joining(", "));
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static void assertRefusedInLittleMemory(Table table) {
        AddressMappings mappings = aliases(table);
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        long before = allocatedBytes();
        mappings.map(to(DsnNotify.UNSPECIFIED, "all"), true, run);
        long bytes = allocatedBytes() - before;
        assertEquals(SmtpPhrasebook.ALIAS_EXPANSION, run.refusal());
        assertEquals(
                List.of("unreasonable virtual_alias_maps map expansion size for all@x.test"
                        + " -- message not accepted, try again later"),
                run.warnings());
        assertTrue(bytes < ALLOCATED_BYTES_MAX, () -> bytes + " bytes");
    }

    @Test
    void refusesAMillionRecipientsOutOfOneAlias() {
        assertRefusedInLittleMemory(new RowTable("all@x.test", many(1_000_000, "u")));
    }

    @Test
    void refusesAMillionRecipientsOutOfAThousandAliases() {
        String[] rows = new String[2 * 901];
        rows[0] = "all@x.test";
        rows[1] = many(900, "list");
        for (int i = 0; i < 900; i++) {
            rows[2 + 2 * i] = "list" + i + "@x.test";
            rows[3 + 2 * i] = many(900, "u" + i + ".");
        }
        assertRefusedInLittleMemory(new RowTable(rows));
    }

    /** RFC 3461 §5.2.7.1 (b), as Postfix's cleanup(8): an alias of one is told of, too. */
    @Test
    void tellsOfAliasesWhoseSuccessTheSenderAskedFor() {
        RowTable table =
                new RowTable("all@x.test", "u@y.test v@y.test", "one@x.test", "w@y.test", "self@x.test", "self@x.test");
        MappingRun run = new MappingRun(Inquiry.BLOCKING);
        Envelope mapped =
                aliases(table).map(to(DsnNotify.SUCCESS | DsnNotify.FAILURE, "all", "one", "self", "plain"), true, run);
        assertEquals(
                List.of("all", "one"),
                mapped.expanded().stream().map(one -> one.address().localPart()).toList());
        assertEquals(
                List.of("u 4", "v 4", "w 4", "self 6", "plain 6"),
                mapped.recipients().stream()
                        .map(one -> one.address().localPart() + " " + one.notifyBits())
                        .toList());
        Envelope silent = aliases(table).map(to(DsnNotify.SUCCESS, "one"), true, run);
        assertEquals(DsnNotify.NEVER, silent.recipients().get(0).notifyBits());
        assertEquals(
                List.of(),
                aliases(table).map(to(DsnNotify.FAILURE, "all"), true, run).expanded());
    }
}
