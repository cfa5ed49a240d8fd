// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminServer.AdminLimits;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.MainCf;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminServerIT {
    private static final int MESSAGES = 50_000;

    @TempDir
    private Path directory;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FakeQueue queue = new FakeQueue();
    private final FakeChanges changes = new FakeChanges();
    private AdminServer server;
    private Path socket;

    @BeforeEach
    void open() throws IOException {
        socket = directory.resolve("admin");
        Files.writeString(socket, "left by a process that died");
        server = AdminServer.open(socket, commands());
    }

    private AdminCommands commands() {
        return AdminCommands.of(new AdminParts(
                new FakeProcess(), queue, changes, new FakeReader(), new EmptyMaildrop(), new FakeLatencies()));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private List<String> ask(JsonWriter request, String failure) throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(request);
            List<String> lines = new ArrayList<>();
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                lines.add(line);
            }
            assertEquals(failure, client.failure());
            return lines;
        }
    }

    private static JsonWriter command(String name) {
        return new JsonWriter().beginObject().key("command").value(name).endObject();
    }

    @Test
    void letsOwnerAndGroupConnect() throws IOException {
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void answersStatus() throws IOException {
        assertEquals(List.of("{\"pid\": " + ProcessHandle.current().pid() + "}"), ask(command("status"), ""));
    }

    @Test
    void stopsBehindTheAnswer() throws Exception {
        assertEquals(List.of(), ask(command("stop"), ""));
        assertTrue(stopped.await(10, TimeUnit.SECONDS));
    }

    @Test
    void reportsWarningsOfAReload() throws IOException {
        assertEquals(List.of("{\"warning\": \"a restart is needed\"}"), ask(command("reload"), ""));
    }

    @Test
    void reportsABadConfiguration() throws IOException {
        queue.isConfigurationBad = true;
        assertEquals(
                List.of(),
                ask(command("reload"), "main.cf:1: missing '=' after parameter name: \"x\" (expected: name = value)"));
    }

    @Test
    void asksABusyQueueAgain() throws IOException {
        queue.refusals.set(3);
        assertEquals(List.of(), ask(command("flush"), ""));
        assertEquals(1, queue.flushes.get());
    }

    @Test
    void flushesOneMessage() throws IOException {
        String id = QueueId.format(new QueueId.Source(0, 0).next(1_700_000_000_000_000L));
        assertEquals(List.of(), ask(withId(id), "no such message: " + id));
        assertEquals(List.of(), ask(withId("!"), "no such message: !"));
    }

    @Test
    void changesNamedMessagesInSlices() throws IOException {
        JsonWriter request = change("hold").key("ids").beginArray();
        for (long id = 1001; id <= 1400; id++) {
            request.value(QueueId.format(id));
        }
        request.value("ABC").value("!");
        List<String> lines = ask(request.endArray().endObject(), "");
        assertEquals(200, lines.size());
        assertEquals("{\"id\": \"" + QueueId.format(1001) + "\"}", lines.get(0));
    }

    @Test
    void changesAllMessagesInSlices() throws IOException {
        JsonWriter request = change("delete").key("queues").beginArray().value("hold");
        assertEquals(
                List.of("{\"count\": 500}", "{\"count\": 500}", "{\"count\": 200}"),
                ask(request.endArray().endObject(), ""));
        assertEquals(
                List.of("{\"count\": 500}", "{\"count\": 500}"),
                ask(change("delete").endObject(), "no room"));
        assertEquals(List.of(), ask(change("lose").endObject(), "no such change: lose"));
    }

    @Test
    void flushesADomainInSlices() throws IOException {
        JsonWriter request = new JsonWriter().beginObject().key("command").value("flush");
        assertEquals(List.of(), ask(request.key("site").value("A.test").endObject(), ""));
        assertEquals(4, queue.flushes.get());
    }

    @Test
    void countsInSlices() throws IOException {
        JsonWriter request = new JsonWriter().beginObject().key("command").value("shape");
        assertEquals(
                Set.of("{\"domain\": \"a.test\", \"counts\": [3, 6]}", "{\"domain\": \"\", \"counts\": [0, 3]}"),
                Set.copyOf(ask(request.endObject(), "")));
    }

    @Test
    void readsAMessageInPieces() throws IOException {
        List<String> lines = ask(read(QueueId.format(7_000_000L << 10)), "");
        assertEquals(
                "{\"queue_name\": \"hold\", \"arrival_time\": 5, \"create_time\": 7, \"message_size\": 297,"
                        + " \"eight_bit\": false, \"smtputf8\": false, \"return\": \"\", \"envelope_id\": \"\","
                        + " \"trace\": \"\", \"verp\": \"\", \"sender\": \"\", \"recipients\": [{\"address\": \"user@b.test\", \"original\": \"\", \"given\": \"\","
                        + " \"notify\": 0, \"done\": false}]}",
                lines.get(0));
        assertEquals(
                List.of("{\"content\": \"YQ==\"}", "{\"content\": \"Yg==\"}", "{\"content\": \"Yw==\"}"),
                lines.subList(1, 4));
        String other = QueueId.format(8_000_000L << 10);
        assertEquals(List.of(), ask(read(other), "no such message: " + other));
        assertEquals(List.of(), ask(read("!"), "no such message: !"));
    }

    private static JsonWriter read(String id) {
        JsonWriter request = new JsonWriter().beginObject().key("command").value("read");
        return request.key("id").value(id).key("content").value(true).endObject();
    }

    private static JsonWriter change(String change) {
        return new JsonWriter()
                .beginObject()
                .key("command")
                .value("change")
                .key("change")
                .value(change);
    }

    private static JsonWriter withId(String id) {
        return new JsonWriter()
                .beginObject()
                .key("command")
                .value("flush")
                .key("id")
                .value(id)
                .endObject();
    }

    @Test
    void listsALongQueueToASlowReader() throws IOException {
        try (AdminClient slow = AdminClient.connect(socket)) {
            slow.send("list");
            assertNotNull(slow.readLine());
            int pagesBefore = queue.pages.get();
            // Another client is served while the slow one does not read, and the queue is not asked for more.
            assertEquals(1, ask(command("status"), "").size());
            assertTrue(queue.pages.get() <= pagesBefore + 100, "pages read ahead: " + queue.pages.get());
            int count = 1;
            while (slow.readLine() != null) {
                count++;
            }
            assertEquals(MESSAGES, count);
            assertEquals("", slow.failure());
        }
    }

    @Test
    void listsSlowlyBesideOtherWork() throws IOException {
        queue.isWorking = true;
        long startNs = System.nanoTime();
        assertEquals(MESSAGES, ask(command("list"), "").size());
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        assertTrue(ms >= (MESSAGES / 100 - 2) * 10L, "ms: " + ms);
    }

    @Test
    void printsMessagesAsPostqueueDoes() throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send("list");
            assertEquals(
                    "{\"queue_name\": \"deferred\", \"queue_id\": \"ID0\", \"arrival_time\": 1700000000,"
                            + " \"message_size\": 4096, \"forced_expire\": false, \"sender\": \"MAILER-DAEMON\","
                            + " \"recipients\": [{\"address\": \"a@b.example\"}, {\"address\": \"c@b.example\","
                            + " \"orig_address\": \"d@b.example\", \"delay_reason\": \"why\"}]}",
                    client.readLine());
        }
    }

    @Test
    void givesPercentilesAndLogs() throws IOException {
        assertEquals(
                List.of("{\"stage\": \"accept\", \"count\": 7, \"p50_us\": 1, \"p90_us\": 2, \"p99_us\": 3,"
                        + " \"p999_us\": 4, \"max_us\": 5}"),
                ask(command("stats"), ""));
        assertEquals(1000, ask(command("hlog"), "").size());
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws IOException {
        assertEquals(List.of(), ask(command("explode"), "no such command: explode"));
        assertEquals("{\"status\": \"error\", \"reason\": \"no JSON object: hello\"}\n", raw("hello\n"));
        assertEquals("", raw("x".repeat(200_000)));
        assertEquals("", raw("{\"command\":"));
        assertEquals(1, ask(command("status"), "").size());
    }

    private String raw(String request) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            try {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
                channel.shutdownOutput();
                ByteBuffer in = ByteBuffer.allocate(4096);
                while (channel.read(in) >= 0) {
                    assertTrue(in.hasRemaining());
                }
                return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return "";
            }
        }
    }

    @Test
    void limitsConnections() throws IOException {
        List<AdminClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AdminLimits.OURS.connectionsMax(); i++) {
                clients.add(AdminClient.connect(socket));
            }
            // They are accepted in turn, so this one comes after all of them.
            assertThrows(IOException.class, () -> ask(command("status"), ""));
        } finally {
            for (AdminClient client : clients) {
                client.close();
            }
        }
    }

    /** They go at once, and whoever comes when some have gone is served. */
    @Test
    void outlivesAThousandConnections() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                clients.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
            }
            ByteBuffer one = ByteBuffer.allocate(1);
            int refused = 0;
            for (SocketChannel client : clients.subList(AdminLimits.OURS.connectionsMax(), clients.size())) {
                refused += client.read(one.clear()) < 0 ? 1 : 0;
            }
            assertEquals(clients.size() - AdminLimits.OURS.connectionsMax(), refused);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
        awaitService();
    }

    /** The server sees a moment later that they have gone. */
    private void awaitService() throws IOException {
        for (int i = 0; ; i++) {
            try {
                assertEquals(1, ask(command("status"), "").size());
                return;
            } catch (IOException e) {
                if (i == 1000) {
                    throw e;
                }
            }
        }
    }

    @Test
    void readsALineOfAnyLengthUpToItsLimit() throws IOException {
        int limit = AdminLimits.OURS.requestBytesMax();
        String start = "{\"command\": \"none\", \"x\": \"";
        String end = "\"}";
        String longest = start + "x".repeat(limit - start.length() - end.length()) + end;
        assertEquals("{\"status\": \"error\", \"reason\": \"no such command: none\"}\n", raw(longest + "\n"));
        assertEquals("", raw(longest.replace(end, "x" + end) + "\n"));
    }

    @Test
    void closesConnectionsThatStaySilent() throws Exception {
        server.close();
        AdminLimits impatient = new AdminLimits(2, 1024, Duration.ofMillis(100), Duration.ofMillis(300));
        server = AdminServer.open(socket, commands(), impatient);
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                SocketChannel slow = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            slow.write(ByteBuffer.wrap("{\"command\": \"list\"}\n".getBytes(StandardCharsets.UTF_8)));
            // It says nothing and is let go, while the other is still given its answer.
            assertTrue(silent.read(ByteBuffer.allocate(1)) < 0);
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            assertTrue(slow.read(in) > 0);
            // Nor is that one waited for when it stops to read: the answer ends somewhere.
            Thread.sleep(1_000);
            long count = rest(slow, in);
            assertTrue(count < 50L * MESSAGES, "all of it: " + count);
        }
        awaitService();
    }

    /** How many bytes come before the end, in whatever way it comes. */
    private static long rest(SocketChannel channel, ByteBuffer in) {
        long count = 0;
        try {
            for (int n = channel.read(in.clear()); n >= 0; n = channel.read(in.clear())) {
                count += n;
            }
            return count;
        } catch (IOException cutOff) {
            return count;
        }
    }

    @Test
    void saysByNameWhoAsks() throws Exception {
        List<String> callers = new ArrayList<>();
        Path door = directory.resolve("showq");
        AccessControl access = (right, user, listener) -> {
            callers.add(user);
            listener.onReason("not you");
        };
        AdminParts parts = new AdminParts(
                new FakeProcess(), queue, changes, new FakeReader(), new EmptyMaildrop(), new FakeLatencies());
        try (AdminServer users = AdminServer.openToUsers(door, AdminCommands.forUsers(parts, access));
                AdminClient client = AdminClient.connect(door)) {
            assertNotNull(users);
            client.send("list");
            assertEquals(null, client.readLine());
            assertEquals("not you", client.failure());
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(door)));
        }
        assertEquals(List.of(Files.getOwner(directory).getName()), callers);
    }

    @Test
    void isGoneWhenItIsClosed() throws IOException {
        server.close();
        assertFalse(Files.exists(socket));
        AbsentException e = assertThrows(AbsentException.class, () -> AdminClient.connect(socket));
        assertEquals(Absence.DOWN, e.absence());
    }

    @Test
    void locksTheDirectoryOnce() throws IOException {
        QueueDirectory spool = new QueueDirectory(directory.resolve("spool"), "pid");
        spool.create();
        MasterLock lock = MasterLock.tryTake(spool.processIdFile());
        assertNotNull(lock);
        assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(spool.processIdFile()));
        assertThrows(
                java.nio.channels.OverlappingFileLockException.class, () -> MasterLock.tryTake(spool.processIdFile()));
        lock.close();
        MasterLock again = MasterLock.tryTake(spool.processIdFile());
        assertNotNull(again);
        again.close();
    }

    private final class FakeProcess implements ProcessControl {
        @Override
        public void stop() {
            stopped.countDown();
        }

        @Override
        public void abort() {
            throw new IllegalStateException("not asked for");
        }

        @Override
        public List<String> reload() {
            if (queue.isConfigurationBad) {
                MainCf.parse("main.cf", "x");
                throw new ConfigException("not reached");
            }
            return List.of("a restart is needed");
        }
    }

    /** Answers on threads of its own, as the real one does. */
    private static final class FakeQueue implements QueueControl {
        private final AtomicInteger refusals = new AtomicInteger();
        private final AtomicInteger flushes = new AtomicInteger();
        private final AtomicInteger pages = new AtomicInteger();
        private volatile boolean isConfigurationBad;
        private volatile boolean isWorking;

        @Override
        public boolean flush() {
            if (refusals.getAndDecrement() > 0) {
                return false;
            }
            flushes.incrementAndGet();
            return true;
        }

        @Override
        public boolean flush(long queueId, FlushListener listener) {
            new Thread(() -> listener.onFlushed(false)).start();
            return true;
        }

        @Override
        public boolean flushDomain(String domain, long cursor, CursorListener listener) {
            boolean last = domain.equals("a.test") && cursor == 3;
            flushes.incrementAndGet();
            new Thread(() -> listener.onCursor(last ? QueuePage.END : cursor + 1)).start();
            return true;
        }

        @Override
        public boolean list(long cursor, int limit, PageListener listener) {
            pages.incrementAndGet();
            List<QueuedMessage> messages = new ArrayList<>();
            for (long i = cursor; i < cursor + limit && i < MESSAGES; i++) {
                messages.add(new QueuedMessage(
                        QueueName.DEFERRED,
                        "ID" + i,
                        1_700_000_000_123L,
                        4096,
                        false,
                        "",
                        List.of(
                                new QueuedRecipient("a@b.example", null, null),
                                new QueuedRecipient("c@b.example", "d@b.example", "why"))));
            }
            long next = cursor + limit >= MESSAGES ? QueuePage.END : cursor + limit;
            new Thread(() -> listener.onPage(new QueuePage(messages, next, isWorking ? pages.get() : 0))).start();
            return true;
        }
    }

    /** Has the messages 1 to 1200, and is busy each third time. */
    private static final class FakeChanges implements ChangeControl {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public boolean changeNamed(Change change, List<Long> queueIds, Set<QueueName> queues, SliceListener listener) {
            if (calls.incrementAndGet() % 3 == 0) {
                return false;
            }
            List<Long> known = queueIds.stream().filter(id -> id <= 1200).toList();
            new Thread(() -> listener.onSlice(new Slice(known, QueuePage.END, ""))).start();
            return true;
        }

        @Override
        public long newestId() {
            return 1000;
        }

        @Override
        public boolean changeNext(Change change, Set<QueueName> queues, Position position, SliceListener listener) {
            assertEquals(1000, position.newestId());
            long cursor = position.cursor();
            if (calls.incrementAndGet() % 3 == 0) {
                return false;
            }
            List<Long> ids = LongStream.range(cursor, cursor + 500)
                    .filter(id -> id < 1200)
                    .boxed()
                    .toList();
            long next = cursor + 500 >= 1200 ? QueuePage.END : cursor + 500;
            String failure = queues.contains(QueueName.CORRUPT) && cursor > 0 ? "no room" : "";
            new Thread(() -> listener.onSlice(new Slice(ids, next, failure))).start();
            return true;
        }

        @Override
        public void note(String text) {
            calls.incrementAndGet();
        }
    }

    /** Has one message of three pieces, and a million of two domains. */
    private static final class FakeReader implements QueueReader {
        private static final int PIECES = 3;

        @Override
        public boolean shape(ShapeQuestion question, long cursor, ShapeListener listener) {
            Map<String, long[]> counts = Map.of("a.test", new long[] {1, 2}, "", new long[] {0, 1});
            long next = cursor == 2 ? QueuePage.END : cursor + 1;
            new Thread(() -> listener.onCounts(counts, next)).start();
            return true;
        }

        @Override
        public boolean message(long queueId, MessageListener listener) {
            Envelope envelope =
                    Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(MailAddress.of("user", "b.test"))));
            BodyRef body = new BodyRef(0, new int[] {1}, new int[] {0}, new int[] {9}, new int[] {300});
            StoredBody stored = new StoredBody(queueId, 5000, envelope);
            boolean known = QueueId.epochMicros(queueId) == 7_000_000;
            MessageFacts facts = new MessageFacts(QueueName.HOLD, stored, body, Set.of(0));
            new Thread(() -> listener.onMessage(known ? facts : null)).start();
            return true;
        }

        @Override
        public void content(MessageFacts message, long offset, int limit, ContentListener listener) {
            byte[] piece = offset == PIECES ? new byte[0] : new byte[] {(byte) ('a' + offset)};
            new Thread(() -> listener.onContent(piece)).start();
        }
    }

    private static final class FakeLatencies implements LatencyReport {
        @Override
        public List<StageRow> stages() {
            return List.of(new StageRow("accept", 7, 1, 2, 3, 4, 5));
        }

        @Override
        public Iterable<String> hlogLines() {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                lines.add("line " + i);
            }
            return lines;
        }
    }
}
