// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.CheckpointSource;
import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import dev.stafette.storage.format.StorageException;
import dev.stafette.storage.format.TakenOver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The bytes of a journal, as they lie on disks that are in use. Where this fails, a program of the day before reads its
 * queue wrongly, or its queue is read wrongly: {@link Journal#FORMAT_VERSION} may have to be raised.
 */
class JournalFormatIT {
    /** What is written now, and what was once; the second version has the same records, and all of them in the file. */
    private static final String GOLDEN = "/golden/journal-3.txt";

    private static final String SECOND_GOLDEN = "/golden/journal-2.txt";

    private static final String FIRST_GOLDEN = "/golden/journal-1.txt";

    private static final long ARRIVAL_MS = 1_700_000_000_123L;
    private static final long FIRST = 0x0001_0203_0405_0607L;
    private static final long SECOND = FIRST + 1;

    private static final BodyRef BODY = BodyRef.of(
            BodyRef.LONG_LINES | BodyRef.EIGHT_BIT, new int[] {1, 2}, new int[] {8, 0}, new int[] {100, 48}, new int[] {
                262144, 3
            });

    private static final BodyRef ELSEWHERE = new BodyRef(0, 7, 4096, 90, 500);

    private static final TakenOver TAKEN_OVER = new TakenOver(FIRST, List.of(0, 2), TakenOver.Warning.INHERITED);

    /** In the first START of a spool. */
    private static final int VERSION_OFFSET = JournalRecord.FRAME_BYTES + 12;

    private static final RecipientState[] STATES = {
        RecipientState.QUEUED,
        new RecipientState(Kind.DEFERRED, 3, ARRIVAL_MS + 300_000, 0x040501, "450 4.5.1 später", "mx.b.test"),
        new RecipientState(Kind.FAILED, 1, 0, 0x050101, "550 no such user", null)
    };

    @TempDir
    private Path spool;

    private static Envelope envelope() {
        return new Envelope(
                MailAddress.of("list", "a.test"),
                true,
                true,
                DsnReturn.HDRS,
                "envid+20x",
                TraceMode.RECORD,
                new Verp('+', '='),
                List.of(
                        new EnvelopeRecipient(MailAddress.of("jürgen", "b.test"), DsnNotify.SUCCESS, "rfc822;j@b.test"),
                        new EnvelopeRecipient(MailAddress.of("two", "b.test")),
                        new EnvelopeRecipient(MailAddress.of("three", "[192.0.2.1]"), DsnNotify.NEVER, null)));
    }

    @Test
    void writesTheBytesThatItAlwaysWrote() throws IOException {
        List<String> records = new ArrayList<>();
        Replayed nothing = new Replayed();
        try (Journal journal = open(nothing)) {
            journal.records().accepted(FIRST, ARRIVAL_MS, envelope(), BODY);
            journal.records().takesOver(SECOND, TAKEN_OVER);
            journal.records().accepted(SECOND, ARRIVAL_MS, Envelope.of(MailAddress.NULL, List.of()), ELSEWHERE);
            for (Kind kind : Kind.values()) {
                journal.records()
                        .attempted(FIRST, 1, new RecipientState(kind, 2, ARRIVAL_MS, 0x020000, "text", "mx.b.test"));
            }
            journal.records().delivered(FIRST, 2);
            journal.records().held(FIRST, true);
            journal.records().expiring(FIRST);
            journal.records().moved(SECOND, ELSEWHERE);
            journal.records().removed(SECOND);
        }
        records.addAll(read(1));
        Replay replay = new Replay(spool, new Replayed(), Replayed.NO_TAILS);
        replay.run();
        replay.unproven().forEach(one -> {
            if (one.queueId() == SECOND) {
                replay.withdraw(one);
            }
        });
        try (Journal journal = open(replay)) {
            journal.checkpoint(new Checkpointed(), 1000);
        }
        records.addAll(read(2));
        assertEquals(String.join("\n", golden(GOLDEN)), String.join("\n", records));
        Set<JournalRecordType> seen = EnumSet.noneOf(JournalRecordType.class);
        records.forEach(record -> seen.add(JournalRecordType.valueOf(record.substring(0, record.indexOf(' ')))));
        // The payload of the one has no form, and the other is as in version one.
        assertEquals(EnumSet.complementOf(EnumSet.of(JournalRecordType.ENVELOPE_PART, JournalRecordType.WARNED)), seen);
    }

    @Test
    void writesOfWarningsWhatVersionOneWrote() throws IOException {
        try (Journal journal = open(new Replayed())) {
            journal.records().warned(FIRST);
        }
        String golden = golden(FIRST_GOLDEN).stream()
                .filter(record -> record.startsWith("WARNED"))
                .findFirst()
                .orElseThrow();
        String written = read(1).get(1);
        assertEquals(withoutSequence(golden), withoutSequence(written));
    }

    /** Nor the checksum. */
    private static String withoutSequence(String record) {
        String hex = record.substring(record.indexOf(' ') + 1);
        return hex.substring(8, 16) + hex.substring(32);
    }

    @ParameterizedTest
    @ValueSource(strings = {GOLDEN, SECOND_GOLDEN})
    void readsTheBytesThatItOnceWrote(String written) throws IOException {
        Replayed replayed = new Replayed();
        write(1, golden(written));
        Replay replay = new Replay(spool, replayed, Replayed.NO_TAILS);
        replay.run();
        replay.unproven().forEach(replay::settle);
        List<String> calls = expectedCalls();
        calls.add("taken over by " + SECOND + " " + TAKEN_OVER);
        assertEquals(calls, replayed.text());
    }

    @Test
    void leavesOutWhatALaterGenerationCallsNeverAccepted() throws IOException {
        Replayed replayed = new Replayed();
        List<String> records = golden(GOLDEN);
        write(1, records);
        int second = records.subList(1, records.size()).stream()
                .map(record -> record.substring(0, record.indexOf(' ')))
                .toList()
                .indexOf(JournalRecordType.START.name());
        write(2, records.subList(second + 1, records.size()));
        new Replay(spool, replayed, Replayed.NO_TAILS).run();
        assertEquals(
                List.of(),
                replayed.text().stream()
                        .filter(call -> call.startsWith("message " + SECOND) || call.startsWith("taken"))
                        .toList());
    }

    @Test
    void readsTheBytesOfVersionOne() throws IOException {
        Replayed replayed = new Replayed();
        write(1, golden(FIRST_GOLDEN));
        new Replay(spool, replayed, Replayed.NO_TAILS).run();
        assertEquals(expectedFirstCalls(), replayed.text());
    }

    @Test
    void readsWhatWasWrittenBeforeTheVersionStoodThere() throws IOException {
        List<String> records = new ArrayList<>(golden(FIRST_GOLDEN));
        ByteBuffer start = decode(records.get(0));
        records.set(0, "START " + HexFormat.of().formatHex(sealed(start, start.limit() - 2)));
        write(1, records);
        Replayed replayed = new Replayed();
        new Replay(spool, replayed, Replayed.NO_TAILS).run();
        assertEquals(expectedFirstCalls(), replayed.text());
    }

    @Test
    void refusesALaterVersionAndChangesNothing() throws IOException {
        List<String> records = new ArrayList<>(golden(GOLDEN));
        ByteBuffer start = decode(records.get(0));
        start.putShort(VERSION_OFFSET, (short) (Journal.FORMAT_VERSION + 1));
        records.set(0, "START " + HexFormat.of().formatHex(sealed(start, start.limit())));
        Path file = write(1, records);
        byte[] before = Files.readAllBytes(file);
        StorageException refused =
                assertThrows(StorageException.class, () -> new Replay(spool, new Replayed(), Replayed.NO_TAILS).run());
        assertTrue(refused.getMessage().contains("format version: 4 (expected: up to 3)"), refused.getMessage());
        assertEquals(HexFormat.of().formatHex(before), HexFormat.of().formatHex(Files.readAllBytes(file)));
        assertFalse(Files.exists(spool.resolve("corrupt")));
    }

    @Test
    void refusesARecordOfALaterVersionInsteadOfEndingThere() throws IOException {
        List<String> records = new ArrayList<>(golden(GOLDEN));
        ByteBuffer second = decode(records.get(1));
        second.put(7, (byte) (JournalRecordType.LAST + 1));
        records.set(1, "LATER " + HexFormat.of().formatHex(sealed(second, second.limit())));
        write(1, records);
        StorageException refused =
                assertThrows(StorageException.class, () -> new Replay(spool, new Replayed(), Replayed.NO_TAILS).run());
        assertTrue(
                refused.getMessage().startsWith("journal record type: " + (JournalRecordType.LAST + 1)),
                refused.getMessage());
    }

    private Journal open(Replayed listener) {
        Replay replay = new Replay(spool, listener, Replayed.NO_TAILS);
        replay.run();
        return open(replay);
    }

    private Journal open(Replay replay) {
        return Journal.open(spool, replay, 1 << 20, 256 << 20, () -> false, DiskSync.REAL, DiskTasks.AT_ONCE);
    }

    private static List<String> expectedCalls() {
        List<String> calls = new ArrayList<>();
        calls.add("message " + FIRST + " " + ARRIVAL_MS + " " + envelope() + " " + BODY + " - []");
        calls.add("message " + SECOND + " " + ARRIVAL_MS + " " + Envelope.of(MailAddress.NULL, List.of()) + " "
                + ELSEWHERE + " - []");
        for (Kind kind : Kind.values()) {
            calls.add(
                    "state " + FIRST + " 1 " + new RecipientState(kind, 2, ARRIVAL_MS, 0x020000, "text", "mx.b.test"));
        }
        calls.add("state " + FIRST + " 2 " + new RecipientState(Kind.DELIVERED, 0, 0, 0, "", null));
        calls.add("held " + FIRST + " true");
        calls.add("expiring " + FIRST);
        calls.add("moved " + SECOND + " " + ELSEWHERE);
        calls.add("removed " + SECOND);
        return calls;
    }

    private static List<String> expectedFirstCalls() {
        List<String> calls = expectedCalls();
        calls.add(calls.indexOf("expiring " + FIRST) + 1, "warned " + FIRST);
        return calls;
    }

    private List<String> read(long generation) throws IOException {
        List<String> records = new ArrayList<>();
        Path file = spool.resolve(GenerationNames.directory(generation)).resolve(GenerationNames.FILE);
        byte[] all = Files.readAllBytes(file);
        ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        JournalRecord record = new JournalRecord();
        for (int at = 0; at <= all.length - JournalRecord.FRAME_BYTES; at += 4) {
            int length = bytes.getInt(at) == 0 ? -1 : record.validLengthAt(bytes, at, all.length - at);
            if (length > 0) {
                records.add(JournalRecord.type(bytes, at) + " " + HexFormat.of().formatHex(all, at, at + length));
            }
        }
        return records;
    }

    private static List<String> golden(String resource) {
        try (InputStream in = JournalFormatIT.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The records of the first generation alone; the second's begin with another START. */
    private Path write(long generation, List<String> records) throws IOException {
        Path directory = Files.createDirectories(spool.resolve(GenerationNames.directory(generation)));
        ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (String record : records) {
            if (file.position() > 0 && record.startsWith(JournalRecordType.START.name())) {
                break;
            }
            file.putInt(0).put(decode(record));
            file.position((file.position() + 3) / 4 * 4);
        }
        Path path = directory.resolve(GenerationNames.FILE);
        Files.write(path, Arrays.copyOf(file.array(), file.capacity()));
        return path;
    }

    private static ByteBuffer decode(String record) {
        byte[] bytes = HexFormat.of().parseHex(record, record.indexOf(' ') + 1, record.length());
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The record with that length and the checksum that belongs to it. */
    private static byte[] sealed(ByteBuffer record, int length) {
        record.putInt(4, record.getInt(4) & ~0xffffff | length);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 4, length - 4);
        record.putInt(0, (int) crc.getValue());
        return Arrays.copyOf(record.array(), length);
    }

    private static final class Checkpointed implements CheckpointSource {
        @Override
        public LiveMessage current(long queueId) {
            return queueId == FIRST ? new LiveMessage(BODY, true, true, true, STATES) : null;
        }

        @Override
        public boolean isMovable(long queueId) {
            return false;
        }

        @Override
        public void onMoved(long queueId, BodyRef body) {
            throw new AssertionError("nothing is moved here");
        }
    }
}
