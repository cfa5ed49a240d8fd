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
import dev.stafette.engine.admin.AdministeredQueue.Slices;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.MainCf;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.WaitingMail;
import dev.stafette.engine.queue.RunningQueue;
import dev.stafette.storage.format.QueueId;
import java.io.ByteArrayOutputStream;
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
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class AdminServerIT {
    private static final String CONTENT = "Subject: s\n\nbody\n";

    /** As ListCommand has it. */
    private static final int PAGE_MESSAGES = 100;

    private static final int PAUSE_MS = 40;

    @TempDir
    private Path directory;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final KeptLog log = new KeptLog();
    private final Metrics metrics = new Metrics(0);
    private boolean isConfigurationBad;
    private RunningQueue queue;
    private AdminServer server;
    private Path socket;

    @BeforeEach
    void open() throws IOException {
        queue = new RunningQueue(directory.resolve("spool"));
        socket = directory.resolve("admin");
        Files.writeString(socket, "left by a process that died");
        server = AdminServer.open(socket, AdminCommands.of(parts()));
    }

    /** Nothing is requeued here. */
    private AdminParts parts() {
        return new AdminParts(
                new FakeProcess(),
                new AdministeredQueue(queue.counted(), queue.bodies(), workers, () -> "Nobody", new Slices(60, 100)),
                new AdministeredChanges(queue.inbox(), log.log(), queue.ids(), null),
                new MaildropQueue(
                        new WaitingMail(new Maildrop(directory.resolve("none"))), workers, null, () -> "Nobody"),
                metrics);
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        queue.close();
        workers.shutdown();
        log.close();
    }

    private List<String> ask(AdminRequest request, String failure) throws IOException {
        return ask(socket, request, failure);
    }

    private static List<String> ask(Path door, AdminRequest request, String failure) throws IOException {
        try (AdminClient client = AdminClient.connect(door)) {
            client.send(request);
            return answer(client, failure);
        }
    }

    private static List<String> answer(AdminClient client, String failure) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = client.readLine(); line != null; line = client.readLine()) {
            lines.add(line);
        }
        assertEquals(failure, client.failure());
        return lines;
    }

    private static Envelope envelope(String... recipients) {
        List<EnvelopeRecipient> all = new ArrayList<>();
        for (String recipient : recipients) {
            int at = recipient.indexOf('@');
            all.add(new EnvelopeRecipient(MailAddress.of(recipient.substring(0, at), recipient.substring(at + 1))));
        }
        return Envelope.of(MailAddress.NULL, all);
    }

    /** Each some 4 KB in a listing, and so many of them do not fit into any buffer. */
    private void acceptLongOnes(int count) {
        String domain = "@" + ("x".repeat(60) + ".").repeat(4) + "example";
        String[] recipients = new String[15];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = i + domain;
        }
        queue.keepRequests();
        queue.accept(count, envelope(recipients), CONTENT);
    }

    @Test
    void letsOwnerAndGroupConnect() throws IOException {
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void answersStatus() throws IOException {
        assertEquals(List.of("{\"pid\": " + ProcessHandle.current().pid() + "}"), ask(new AdminRequest.Status(), ""));
    }

    @Test
    void stopsBehindTheAnswer() throws Exception {
        assertEquals(List.of(), ask(new AdminRequest.Stop(), ""));
        assertTrue(stopped.await(60, TimeUnit.SECONDS));
    }

    @Test
    void reportsWarningsOfAReload() throws IOException {
        assertEquals(List.of("{\"warning\": \"a restart is needed\"}"), ask(new AdminRequest.Reload(), ""));
    }

    @Test
    void reportsABadConfiguration() throws IOException {
        isConfigurationBad = true;
        assertEquals(
                List.of(),
                ask(
                        new AdminRequest.Reload(),
                        "main.cf:1: missing '=' after parameter name: \"x\" (expected: name = value)"));
    }

    @Test
    void asksABusyQueueAgain() throws IOException {
        queue.defer("u@b.test", "450 4.2.0 full");
        queue.accept(1, envelope("u@b.test"), CONTENT);
        queue.settle();
        assertEquals(1, queue.attemptCount());
        try (AdminClient client = AdminClient.connect(socket)) {
            queue.whileBusy(() -> {
                send(client, new AdminRequest.Flush());
                while (queue.refusedCount() < 3) {
                    Thread.onSpinWait();
                }
            });
            assertEquals(List.of(), answer(client, ""));
        }
        queue.settle();
        assertEquals(2, queue.attemptCount());
    }

    private static void send(AdminClient client, AdminRequest request) {
        try {
            client.send(request);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void flushesOneMessage() throws IOException {
        queue.defer("u@b.test", "450 4.2.0 full");
        List<String> ids = queue.accept(2, envelope("u@b.test"), CONTENT);
        queue.settle();
        int before = queue.attemptCount();
        assertEquals(List.of(), ask(new AdminRequest.Flush(ids.get(0), null), ""));
        queue.settle();
        assertEquals(before + 1, queue.attemptCount());
        String none = QueueId.format(QueueId.parse(ids.get(1)) + 1);
        assertEquals(List.of(), ask(new AdminRequest.Flush(none, null), "no such message: " + none));
        assertEquals(List.of(), ask(new AdminRequest.Flush("!", null), "no such message: !"));
    }

    @Test
    void changesNamedMessagesInSlices() throws IOException {
        queue.keepRequests();
        List<String> ids = new ArrayList<>(queue.accept(250, envelope("u@b.test"), CONTENT));
        ids.addAll(List.of("ABC", "!"));
        List<String> lines = ask(new AdminRequest.ChangeMessages(Change.HOLD, ids, null), "");
        assertEquals(250, lines.size());
        assertEquals("{\"id\": \"" + ids.get(0) + "\"}", lines.get(0));
        assertTrue(
                log.lines().get(0).endsWith(ids.get(0) + ": placed on hold"),
                log.lines().get(0));
        // They are like that already, or not where they are looked for.
        assertEquals(List.of(), ask(new AdminRequest.ChangeMessages(Change.HOLD, ids, null), ""));
        assertEquals(
                List.of(), ask(new AdminRequest.ChangeMessages(Change.DELETE, ids, Set.of(QueueName.DEFERRED)), ""));
    }

    @Test
    void changesAllMessagesInSlices() throws IOException {
        queue.keepRequests();
        queue.accept(600, envelope("u@b.test"), CONTENT);
        AdminRequest hold = new AdminRequest.ChangeMessages(Change.HOLD, null, null);
        List<String> slices = ask(hold, "");
        assertTrue(slices.size() >= 2, slices.toString());
        assertEquals(600, sum(slices));
        queue.accept(1, envelope("u@b.test"), CONTENT);
        assertEquals(600, sum(ask(new AdminRequest.ChangeMessages(Change.DELETE, null, Set.of(QueueName.HOLD)), "")));
        assertEquals(1, queue.messageCount());
        assertEquals("{\"status\": \"error\", \"reason\": \"no such change: lose\"}\n", raw("""
            {"command": "change", "change": "lose"}
            """));
    }

    private static long sum(List<String> slices) {
        long sum = 0;
        for (String slice : slices) {
            JsonObject object = JsonObject.parse(slice);
            assertNotNull(object, slice);
            sum += object.number("count");
        }
        return sum;
    }

    @Test
    void putsNotesIntoTheLog() throws IOException {
        assertEquals(List.of(), ask(new AdminRequest.Note("Deleted: 2 messages"), ""));
        assertTrue(
                log.lines().get(0).endsWith("Deleted: 2 messages"), log.lines().get(0));
    }

    @Test
    void walksOverTheQueueInSlices() throws IOException {
        queue.keepRequests();
        queue.accept(90, envelope("u@A.test"), CONTENT);
        queue.accept(60, envelope("u@b.test"), CONTENT);
        int before = queue.askedCount();
        AdminRequest byDomain = new AdminRequest.CountDomains(Set.of(QueueName.ACTIVE), false, List.of(1_000_000L));
        assertEquals(
                Set.of(
                        "{\"domain\": \"a.test\", \"counts\": [90, 0]}",
                        "{\"domain\": \"b.test\", \"counts\": [60, 0]}"),
                Set.copyOf(ask(byDomain, "")));
        assertEquals(before + 2, queue.askedCount());
        AdminRequest bySender = new AdminRequest.CountDomains(Set.of(QueueName.ACTIVE), true, List.of());
        assertEquals(List.of("{\"domain\": \"\", \"counts\": [150]}"), ask(bySender, ""));
        before = queue.askedCount();
        assertEquals(List.of(), ask(new AdminRequest.Flush(null, "B.test"), ""));
        assertEquals(before + 3, queue.askedCount());
    }

    @Test
    void readsAMessageInPieces() throws IOException {
        queue.keepRequests();
        String line = "x".repeat(998) + "\n";
        String id = queue.accept(1, envelope("user@b.test"), "Subject: s\n\n" + line.repeat(100))
                .get(0);
        List<String> lines = ask(new AdminRequest.ReadMessage(id, true), "");
        assertTrue(lines.get(0).startsWith("{\"queue_name\": \"active\""), lines.get(0));
        assertTrue(lines.size() > 2, "pieces: " + (lines.size() - 1));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (String piece : lines.subList(1, lines.size())) {
            JsonObject object = JsonObject.parse(piece);
            assertNotNull(object, piece);
            content.writeBytes(Base64.getDecoder().decode(object.text("content")));
        }
        assertTrue(content.toString(StandardCharsets.US_ASCII)
                .contains(line.repeat(100).replace("\n", "\r\n")));
        assertEquals(1, ask(new AdminRequest.ReadMessage(id, false), "").size());
        String other = QueueId.format(QueueId.parse(id) + 1);
        assertEquals(List.of(), ask(new AdminRequest.ReadMessage(other, true), "no such message: " + other));
        assertEquals(List.of(), ask(new AdminRequest.ReadMessage("!", true), "no such message: !"));
    }

    @Test
    void listsALongQueueToASlowReader() throws IOException {
        int count = 3 * PAGE_MESSAGES;
        acceptLongOnes(count);
        int before = queue.askedCount();
        try (AdminClient slow = AdminClient.connect(socket)) {
            slow.send(new AdminRequest.ListMessages());
            assertNotNull(slow.readLine());
            // Another client is served while the slow one does not read, and the queue is not asked for more.
            assertEquals(1, ask(new AdminRequest.Status(), "").size());
            assertEquals(before + 1, queue.askedCount());
            assertEquals(count - 1, answer(slow, "").size());
            assertTrue(queue.askedCount() >= before + 3, "pages: " + (queue.askedCount() - before));
        }
    }

    @Test
    void listsSlowlyBesideOtherWork() throws IOException {
        queue.keepRequests();
        queue.accept(3 * PAGE_MESSAGES, envelope("u@b.test"), CONTENT);
        queue.beforeAsk(() -> queue.accept(1, envelope("u@b.test"), CONTENT));
        int before = queue.askedCount();
        long startNs = System.nanoTime();
        assertTrue(ask(new AdminRequest.ListMessages(), "").size() >= 3 * PAGE_MESSAGES);
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
        int pages = queue.askedCount() - before;
        // Work shows itself between two pages, and behind the last nothing is waited for.
        assertTrue(ms >= (pages - 2L) * PAUSE_MS, pages + " pages, ms: " + ms);
        assertTrue(pages > 3, "pages: " + pages);
    }

    @Test
    void listsWhoWaitsAndWhy() throws IOException {
        queue.defer("u@b.test", "450 4.2.0 full");
        String id = queue.accept(1, envelope("u@b.test", "v@b.test"), CONTENT).get(0);
        queue.settle();
        List<String> lines = ask(new AdminRequest.ListMessages(), "");
        assertEquals(1, lines.size());
        String reason = "host mx.b.test[192.0.2.1] said: 450 4.2.0 full (in reply to RCPT TO command)";
        assertTrue(
                lines.get(0).startsWith("{\"queue_name\": \"deferred\", \"queue_id\": \"" + id + "\","), lines.get(0));
        assertTrue(
                lines.get(0)
                        .endsWith("\"sender\": \"Nobody\", \"recipients\": [{\"address\": \"u@b.test\","
                                + " \"delay_reason\": \"" + reason + "\"}]}"),
                lines.get(0));
    }

    @Test
    void givesPercentilesAndLogs() throws IOException {
        metrics.openMeter("test").record(Stage.MAIL, 5_000);
        List<String> stats = ask(new AdminRequest.Stats(), "");
        String mail = "{\"stage\": \"mail\", \"count\": 1, \"p50_us\": 5, \"p90_us\": 5, \"p99_us\": 5,"
                + " \"p999_us\": 5, \"max_us\": 5}";
        assertTrue(stats.contains(mail), stats.toString());
        assertTrue(stats.get(stats.size() - 1).matches("\\{\"counter\": \"[a-z_]+\", \"value\": 0}"));
        List<String> hlog = ask(new AdminRequest.Hlog(), "");
        assertEquals("{\"line\": \"#[Histogram log format version 1.3]\"}", hlog.get(1));
        assertEquals(metrics.hlogLines(0).size(), hlog.size());
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws IOException {
        assertEquals("{\"status\": \"error\", \"reason\": \"no such command: explode\"}\n", raw("""
            {"command": "explode"}
            """));
        assertEquals("{\"status\": \"error\", \"reason\": \"no JSON object: hello\"}\n", raw("hello\n"));
        assertEquals("", raw("x".repeat(200_000)));
        assertEquals("", raw("{\"command\":"));
        assertEquals(1, ask(new AdminRequest.Status(), "").size());
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
            assertThrows(IOException.class, () -> ask(new AdminRequest.Status(), ""));
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
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                assertEquals(1, ask(new AdminRequest.Status(), "").size());
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw e;
                }
                Thread.yield();
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
        acceptLongOnes(2 * PAGE_MESSAGES);
        server.close();
        // Whoever listened on the other may take its file away later than he is waited for.
        socket = directory.resolve("impatient");
        AdminLimits impatient = new AdminLimits(2, 1024, Duration.ofMillis(100), Duration.ofMillis(300));
        server = AdminServer.open(socket, AdminCommands.of(parts()), impatient);
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                SocketChannel slow = startListing(in)) {
            // It says nothing and is let go, while the other is still given its answer.
            assertTrue(silent.read(ByteBuffer.allocate(1)) < 0);
            assertTrue(slow.read(in.clear()) > 0);
            // Nor is that one waited for when it stops to read: the answer ends somewhere.
            awaitHangUp(slow);
            long count = rest(slow, in);
            assertTrue(count < 4_000L * PAGE_MESSAGES, "all of it: " + count);
        }
        awaitService();
    }

    /** Reads its beginning. A client that the machine has kept from asking in time asks anew. */
    private SocketChannel startListing(ByteBuffer in) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            try {
                client.write(ByteBuffer.wrap("{\"command\": \"list\"}\n".getBytes(StandardCharsets.UTF_8)));
                if (client.read(in.clear()) > 0) {
                    return client;
                }
            } catch (IOException tooLate) {
                Thread.yield();
            }
            client.close();
            assertTrue(System.nanoTime() - deadlineNs < 0, "never served");
        }
    }

    /** The server takes what is said behind a request, and nobody takes it any more when it has hung up. */
    private static void awaitHangUp(SocketChannel client) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try {
            while (System.nanoTime() - deadlineNs < 0) {
                client.write(ByteBuffer.wrap(new byte[] {'x'}));
                Thread.sleep(10);
            }
        } catch (IOException hungUp) {
            return;
        }
        throw new AssertionError("it waits for ever");
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
        Path door = directory.resolve("showq");
        Files.writeString(
                directory.resolve("main.cf"),
                "compatibility_level = 3.9\nauthorized_mailq_users = nobody-of-that-name\n");
        String user = Files.getOwner(directory).getName();
        AdminCommands commands = AdminCommands.forUsers(parts(), new ListedUsers(directory, workers));
        try (AdminServer users = AdminServer.openToUsers(door, commands)) {
            assertNotNull(users);
            assertEquals(
                    List.of(),
                    ask(
                            door,
                            new AdminRequest.ListMessages(),
                            "User " + user + " is not allowed to view the mail queue"));
            assertEquals(List.of(), ask(door, new AdminRequest.Flush(), ""));
            assertEquals(List.of(), ask(door, new AdminRequest.Stats(), "no such command: stats"));
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(door)));
        }
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
            if (isConfigurationBad) {
                MainCf.parse("main.cf", "x");
                throw new ConfigException("not reached");
            }
            return List.of("a restart is needed");
        }
    }
}
