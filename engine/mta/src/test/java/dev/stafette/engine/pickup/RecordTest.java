// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of files in maildrop. */
class RecordTest {
    private static final long NOW_MS = 2_000_000_000_000L;

    private static RecordReader reader(byte[] bytes) {
        return new RecordReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private interface Script {
        void write(RecordWriter out) throws IOException;
    }

    private static byte[] written(Script script) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RecordWriter writer = new RecordWriter(Channels.newChannel(bytes), 0);
        script.write(writer);
        writer.flush();
        return bytes.toByteArray();
    }

    /** {@code S:a@b R:c@d M N:text X E}, words that have no blank. */
    private static byte[] records(String text) throws IOException {
        return written(out -> {
            for (String word : text.split(" ")) {
                out.put(word.charAt(0), word.length() > 1 ? word.substring(2) : "");
            }
        });
    }

    private static Submission read(byte[] bytes) throws IOException {
        return SubmissionReader.read(reader(bytes), 7, NOW_MS);
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        Random random = new Random(1);
        int[] lengths = {0, 1, 127, 128, 2048, 16_383, 16_384, RecordReader.RECORD_BYTES_MAX};
        byte[] data = new byte[RecordReader.RECORD_BYTES_MAX];
        random.nextBytes(data);
        RecordReader in = reader(written(out -> {
            for (int length : lengths) {
                out.put('N', data, 0, length);
            }
        }));
        for (int length : lengths) {
            assertEquals('N', in.next());
            assertArrayEquals(Arrays.copyOf(data, length), Arrays.copyOf(in.bytes(), in.length()));
        }
        assertEquals(RecordReader.NO_MORE, in.next());
    }

    @Test
    void isWrittenAsPostfixDoes() throws IOException {
        assertArrayEquals(
                "S\u0003a@bR\u0003c@dM\0N\u0002hiX\0E\0".getBytes(StandardCharsets.ISO_8859_1),
                records("S:a@b R:c@d M N:hi X E"));
        assertArrayEquals(new byte[] {'N', (byte) 0x80, 1}, Arrays.copyOf(records("N:" + "x".repeat(128)), 3));
    }

    @Test
    void takesNoLineEndsOfStrangersIntoWhatBecomesCommands() throws IOException {
        Submission read = Objects.requireNonNull(read(written(out -> {
            out.put('A', "envelope_id=x\r\nRSET");
            out.put('S', "a@b");
            out.put('A', "dsn_orig_rcpt=rfc822;x\nRSET");
            out.put('R', "c\r\nRSET@d");
            out.put('A', "dsn_orig_rcpt=utf-8;\u00e4@x");
            out.put('R', "e@f");
            out.put('M', "");
            out.put('X', "");
            out.put('E', "");
        })));
        assertNull(read.envelopeId());
        assertNull(read.recipients().get(0).original());
        assertEquals("utf-8;\u00e4@x", read.recipients().get(1).original());
    }

    @Test
    void stopsAtTheLimit() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RecordWriter writer = new RecordWriter(Channels.newChannel(bytes), 10);
        writer.put('N', "12345678");
        assertFalse(writer.isTooBig());
        writer.put('N', "");
        writer.flush();
        assertTrue(writer.isTooBig());
        assertEquals(10, bytes.size());
    }

    @Test
    void readsASubmission() throws IOException {
        Submission read = Objects.requireNonNull(read(written(out -> {
            out.put('T', "1000 5000");
            out.put('A', "envelope_id=x");
            out.put('A', "ret_flags=2");
            out.put('A', "rewrite_context=remote");
            out.put('A', "other=y");
            out.put('A', "requiretls=yes");
            out.put('F', "Joe User");
            out.put('S', "a@b");
            out.put('A', "encoding=8bit");
            out.put('A', "notify_flags=1");
            out.put('A', "dsn_orig_rcpt=rfc822;x");
            out.put('R', "c@d");
            out.put('M', "");
            out.put('L', "hal");
            out.put('N', "lo");
            out.put('X', "");
            out.put('R', "e@f");
            out.put('E', "");
        })));
        assertEquals(7, read.userId());
        assertEquals(1_000_005, read.arrivalMs());
        assertEquals("a@b", read.sender());
        assertEquals("Joe User", read.fullName());
        assertFalse(read.rewritesHeader());
        assertTrue(read.eightBit());
        assertEquals(DsnReturn.HDRS, read.dsnReturn());
        assertEquals("x", read.envelopeId());
        assertTrue(read.requiresTls());
        Settings mainCf = FakeHost.settings();
        PickupSettings settings = new PickupSettings(
                "mx.test",
                "mx.test",
                new EnvelopeRewriter(AddressRewriter.of(mainCf, AddressClasses.of(mainCf, ListTables.UNOPENED))),
                new IntakeSettings("mx.test", 50, 0),
                0,
                0,
                new ReportWording("MAILER-DAEMON", "Report", null, List.of()));
        assertEquals(
                TlsDemand.REQUIRED,
                new SubmittedArrival(settings).of(read, 1, 1, 1).envelope().tls());
        assertEquals(1, read.lineCount());
        assertEquals(6, read.contentBytes());
        assertEquals(
                new Submission.Recipient("c@d", DsnNotify.NEVER, "rfc822;x"),
                read.recipients().get(0));
        assertEquals(new Submission.Recipient("e@f", 0, null), read.recipients().get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "E",
                "S:a@b R:c@d M X",
                "S:a@b R:c@d M N:x",
                "R:c@d M X E",
                "S:a@b M X E",
                "S:a@b R:c@d X E",
                "S:a@b R:c@d M M X E",
                "S:a@b S:c@d R:c@d M X E",
                "S:a@b R:c@d M X M X E",
                "S:a@b R:c@d M X E E",
                "S:a@b R:c@d M X E N:x",
                "T:abc S:a@b R:c@d M X E",
                "T:-1 S:a@b R:c@d M X E",
                "A:novalue S:a@b R:c@d M X E",
                "Q:x S:a@b R:c@d M X E",
                "S:a@b R:c@d M R:x X E"
            })
    void takesNothingThatIsNotWhole(String text) throws IOException {
        assertNull(read(records(text)));
    }

    @Test
    void takesNoPartOfAFile() throws IOException {
        byte[] whole = records("S:a@b R:c@d M N:hi X E");
        assertNotNull(read(whole));
        for (int length = 0; length < whole.length; length++) {
            assertNull(read(Arrays.copyOf(whole, length)));
        }
    }

    @Test
    void comesToAnEndWithAnyBytes() throws IOException {
        Random random = new Random(3);
        byte[] whole = records("T:1 S:a@b A:x=y R:c@d M N:hi L:x X R:e@f E");
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = whole.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            read(broken);
        }
    }

    @Test
    void clampsATimeThatHasNotComeYet() throws IOException {
        assertEquals(
                NOW_MS,
                Objects.requireNonNull(read(records("T:99999999999 S:a@b R:c@d M X E")))
                        .arrivalMs());
    }

    @Test
    void readsContentInBlocks() throws IOException {
        ContentReader reader = new ContentReader(reader(records("S:a@b R:c@d M N:one L:t N:wo N: L:three X E")));
        ByteBuf out = Unpooled.buffer();
        assertTrue(reader.read(out, 3));
        assertFalse(reader.isComplete());
        assertEquals("one\n", out.toString(StandardCharsets.US_ASCII));
        out.clear();
        assertTrue(reader.read(out, 100));
        assertTrue(reader.isComplete());
        assertEquals("two\n\nthree", out.toString(StandardCharsets.US_ASCII));
    }
}
