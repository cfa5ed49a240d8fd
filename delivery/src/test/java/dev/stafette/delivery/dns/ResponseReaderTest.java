// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Bytes that a server, or somebody on the way, has damaged. */
class ResponseReaderTest {
    private static final long SEED = 20_261_129;
    private static final int ROUNDS = 40_000;

    private static final List<DnsType<?>> TYPES = List.of(
            DnsType.A, DnsType.AAAA, DnsType.CNAME, DnsType.PTR, DnsType.MX, DnsType.TXT, DnsType.SRV, DnsType.TLSA);

    private static final Name OWNER = Name.fromConstantString("b.test.");
    private static final Name TARGET = Name.fromConstantString("c.test.");

    /** A record of every type behind an alias, compressed as servers do it, with all sections filled. */
    private static byte[] everything() throws Exception {
        Message message = new Message(4711);
        message.getHeader().setFlag(Flags.QR);
        message.getHeader().setFlag(Flags.RA);
        message.addRecord(Record.newRecord(OWNER, Type.MX, DClass.IN), Section.QUESTION);
        for (Record record : List.of(
                new CNAMERecord(OWNER, DClass.IN, 300, TARGET),
                Record.fromString(TARGET, Type.A, DClass.IN, 300, "192.0.2.7", Name.root),
                Record.fromString(TARGET, Type.AAAA, DClass.IN, 300, "2001:db8::7", Name.root),
                new PTRRecord(TARGET, DClass.IN, 300, OWNER),
                new MXRecord(TARGET, DClass.IN, 300, 10, Name.fromConstantString("mx.c.test.")),
                new TXTRecord(TARGET, DClass.IN, 300, List.of("v=spf1", " -all")),
                new SRVRecord(TARGET, DClass.IN, 300, 1, 2, 25, Name.fromConstantString("mx.c.test.")),
                new TLSARecord(TARGET, DClass.IN, 300, 3, 1, 1, new byte[32]))) {
            message.addRecord(record, Section.ANSWER);
        }
        message.addRecord(new SOARecord(TARGET, DClass.IN, 300, OWNER, OWNER, 1, 2, 3, 4, 5), Section.AUTHORITY);
        message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        return message.toWire();
    }

    private static <T> DnsAnswer<T> read(Message message, DnsType<T> type) {
        return new ResponseReader<>(message, OWNER, type, Lookup.ALIASES_MAX, ResponseReader.SECONDS_MAX).read(false);
    }

    @Test
    void readsWhatIsWhole() throws Exception {
        Message message = Exchange.parse(Unpooled.wrappedBuffer(everything()));
        for (DnsType<?> type : TYPES) {
            assertEquals(1, read(message, type).records().size(), type.toString());
        }
        DnsAnswer<InetAddress> address = read(message, DnsType.A);
        assertEquals("[/192.0.2.7]", address.records().toString());
    }

    @Test
    void readsNothingOfWhatIsCutOff() throws Exception {
        byte[] whole = everything();
        for (int length = 0; length < whole.length; length++) {
            assertNull(Exchange.parse(Unpooled.wrappedBuffer(whole, 0, length)), "of " + length + " bytes");
        }
    }

    @Test
    void readsDamagedAnswersWithinItsLimitsOrNotAtAll() throws Exception {
        Random random = new Random(SEED);
        byte[] whole = everything();
        int readCount = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = Arrays.copyOf(whole, whole.length - (random.nextInt(4) == 0 ? random.nextInt(60) : 0));
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(damaged.length);
                // Often what counts: a pointer, a length, the counts of the header.
                damaged[at] = (byte) (random.nextBoolean() ? 0xc0 : random.nextInt(256));
            }
            Message message = Exchange.parse(Unpooled.wrappedBuffer(damaged));
            if (message != null) {
                readCount++;
                for (DnsType<?> type : TYPES) {
                    assertSane(read(message, type), "seed " + SEED + ", round " + round);
                }
            }
        }
        assertTrue(readCount > ROUNDS / 20 && readCount < ROUNDS, "read: " + readCount);
    }

    private static void assertSane(DnsAnswer<?> answer, String where) {
        if (answer != null) {
            assertEquals(answer.outcome() == Outcome.FOUND, !answer.records().isEmpty(), where);
            assertTrue(answer.records().size() <= ResponseReader.RECORDS_MAX, where);
            assertTrue(
                    answer.timeToLiveSeconds() >= ResponseReader.SECONDS_MIN
                            && answer.timeToLiveSeconds() <= ResponseReader.SECONDS_MAX,
                    where);
        }
    }

    @Test
    void readsNoNameWithoutEnd() throws Exception {
        byte[] whole = everything();
        // The first record's name points at itself.
        int at = FakeDns.questionEnd(whole);
        assertNull(Exchange.parse(Unpooled.wrappedBuffer(FakeDns.patched(whole, at, 0xc0, at))));
        // The header promises more records than there are.
        assertNull(Exchange.parse(Unpooled.wrappedBuffer(FakeDns.patched(whole, 6, 0xff, 0xff))));
    }
}
