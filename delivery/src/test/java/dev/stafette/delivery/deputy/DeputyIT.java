// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import dev.stafette.delivery.mailbox.TextWork;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service in this process, where that is root's. */
@Timeout(180)
class DeputyIT {
    private static final String MESSAGE = "Subject: x\n\n.hello\n";
    private static final UserIds DAEMON = new UserIds("daemon", 1, 1);
    private static final UserIds BIN = new UserIds("bin", 2, 2);

    @TempDir
    private Path directory;

    private ThreadIdentity identity;
    private TestDeputy deputy;

    // Those of the deputy.
    private Path socket;
    private DeputyClient client;

    @BeforeEach
    void open() throws Exception {
        TestDeputy.require();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        identity = new ThreadIdentity(new UserIds("games", 5, 60), Set.of(6));
        open("root");
    }

    private void open(String owner) throws IOException {
        deputy = TestDeputy.open(directory, identity, owner);
        socket = deputy.socket();
        client = deputy.client();
    }

    @AfterEach
    void close() throws Exception {
        if (deputy != null) {
            deputy.close();
        }
    }

    private CommandResult shell(UserIds user, String script) {
        return shell(user, script, MESSAGE);
    }

    private CommandResult shell(UserIds user, String script, String message) {
        FileBody body = FileBody.of(message).cutAt(7);
        try {
            return client.run(
                    new CommandOrder(
                            "pipe",
                            CommandLine.ofWords(List.of("/bin/sh", "-c", script)),
                            user,
                            Map.of("PATH", "/usr/bin:/bin", "X", "a&b=c d\u00e9"),
                            directory.toString(),
                            Duration.ofSeconds(60),
                            CopyRules.PLAIN,
                            new CopyAddresses("s", "o", "d")),
                    body,
                    0);
        } finally {
            body.release();
        }
    }

    private static CommandResult failed(int statusClass, String text) {
        return new CommandResult(
                statusClass == 4 ? Kind.DEFERRED : Kind.BOUNCED, EnhancedStatus.of(statusClass, 3, 0), text);
    }

    /** Of each thread of this process: name, ids, groups. */
    private static List<String> threadIds() throws IOException {
        List<String> ids = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    ids.add(String.join(
                            " ",
                            Files.readAllLines(task.resolve("status")).stream()
                                    .filter(line -> line.startsWith("Uid:") || line.startsWith("Gid:"))
                                    .toList()));
                } catch (IOException e) {
                    // It has ended.
                    continue;
                }
            }
        }
        return ids;
    }

    private static void assertAllThreadsAreRoots() throws IOException {
        assertEquals(List.of("Uid:\t0\t0\t0\t0 Gid:\t0\t0\t0\t0"), List.copyOf(new TreeSet<>(threadIds())));
    }

    @Test
    void runsProgramsWithNoIdOfRoots() throws Exception {
        CommandResult result = shell(
                DAEMON,
                "cat >got; grep -E '^(Uid|Gid|Groups|CapPrm|CapEff)' /proc/self/status; ls /proc/self/fd; echo $X");
        assertEquals(
                "Uid: 1 1 1 1 Gid: 1 1 1 1 Groups: 1 CapPrm: 0000000000000000 CapEff: 0000000000000000 0 1 2 3"
                        + " a&b=c d\u00e9",
                result.text().strip().replaceAll(" +", " "));
        assertEquals(MESSAGE, Files.readString(directory.resolve("got")));
        assertEquals("daemon", Files.getOwner(directory.resolve("got")).getName());
        assertAllThreadsAreRoots();
    }

    @Test
    void tellsWhatProgramsMean() {
        assertEquals(failed(4, "temporary failure. Command output:  later "), shell(BIN, "echo ' later'; exit 75"));
        assertEquals(failed(5, "Command died with status 3: \"/bin/sh\""), shell(BIN, "exit 3"));
        assertEquals(failed(4, "Command died with signal 9: \"/bin/sh\""), shell(BIN, "kill -9 $$"));
    }

    @Test
    void refusesRootAndTheMailSystemItself() {
        for (UserIds ids : List.of(
                new UserIds("x", 0, 1), new UserIds("x", 1, 0), new UserIds("x", -1, 1), new UserIds("x", 1, -5))) {
            CommandResult result = shell(ids, "exit 0");
            assertEquals(Kind.DEFERRED, result.kind());
            assertTrue(result.text().endsWith(" are privileged"), result.text());
        }
        assertTrue(shell(new UserIds("games", 5, 1), "exit 0").text().endsWith(" are the mail system's"));
        assertTrue(shell(new UserIds("x", 1, 60), "exit 0").text().endsWith(" are the mail system's"));
    }

    @Test
    void touchesFilesWithTheRightsOfTheUserAlone() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Files.setOwner(
                home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        Path file = home.resolve("file");
        identity.call(DAEMON, () -> Files.writeString(file, "x"));
        assertEquals("daemon", Files.getOwner(file).getName());
        assertThrows(AccessDeniedException.class, () -> identity.call(BIN, () -> Files.readString(file)));
        assertThrows(
                AccessDeniedException.class,
                () -> identity.call(DAEMON, () -> Files.readString(Path.of("/etc/shadow"))));
        assertAllThreadsAreRoots();
    }

    @Test
    void changesNoThreadButItsOwn() throws Exception {
        AtomicInteger strangers = new AtomicInteger();
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            UserIds ids = new UserIds("u" + i, 1000 + i, 2000 + i);
            users.add(new Thread(() -> {
                try {
                    for (int n = 0; n < 200; n++) {
                        Path file = directory.resolve(ids.name() + '-' + n);
                        identity.call(ids, () -> Files.createFile(file));
                        if (!Files.getAttribute(file, "unix:uid").equals(ids.uid())
                                || !Files.getAttribute(file, "unix:gid").equals(ids.gid())) {
                            strangers.incrementAndGet();
                        }
                    }
                } catch (IOException e) {
                    strangers.incrementAndGet();
                }
            }));
        }
        users.forEach(Thread::start);
        while (users.stream().anyMatch(Thread::isAlive)) {
            // Nobody's real id is ever a user's, and a new thread of somebody else's has root's ids.
            for (String ids : threadIds()) {
                assertTrue(ids.matches("Uid:\t0\t\\d+\t0\t\\d+ Gid:\t0\t\\d+\t0\t\\d+"), ids);
            }
            assertEquals(
                    "Uid: 1 1 1 1 ",
                    shell(DAEMON, "grep ^Uid /proc/self/status | tr '\\t' ' '").text());
        }
        for (Thread user : users) {
            user.join();
        }
        assertEquals(0, strangers.get());
        assertAllThreadsAreRoots();
    }

    @Test
    void turnsOthersThanTheMailSystemAway() throws Exception {
        close();
        open("nobody");
        assertEquals("nobody", Files.getOwner(socket).getName());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        try (SocketChannel stranger = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertEquals(-1, stranger.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void deliversTogetherWhatComesTogether() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        EnhancedStatus otherwise = EnhancedStatus.of(5, 2, 0);
        Maildir.Place place = new Maildir.Place(home.resolve("Maildir"), 100, otherwise);
        List<LetterWork> works = new ArrayList<>();
        for (String text : List.of("a\n", "x".repeat(200) + "\n", "b\n", "y".repeat(100_000) + "\n", "c\n")) {
            MailboxLetter letter = new MailboxLetter(
                    FileBody.of(text).cutAt(7), CopyRules.PLAIN, new CopyAddresses("s", "", "daemon@b.test"));
            works.add(new MaildirWork(new Maildir("unused"), place, letter));
        }
        List<MailboxResult> results = remote().call(DAEMON, new LettersWork(works));
        assertEquals(
                List.of("2.0.0", "5.2.2", "2.0.0", "5.2.2", "2.0.0"),
                results.stream().map(result -> result.status().toString()).toList());
        TreeSet<String> texts = new TreeSet<>();
        try (Stream<Path> all = Files.list(home.resolve("Maildir/new"))) {
            for (Path file : all.toList()) {
                texts.add(Files.readString(file));
                assertEquals("daemon", Files.getOwner(file).getName());
            }
        }
        assertEquals("[a\n, b\n, c\n]", texts.toString());
        IOException refused = assertThrows(
                IOException.class, () -> remote().call(new UserIds("games", 5, 1), new LettersWork(works)));
        assertTrue(String.valueOf(refused.getMessage()).endsWith(" are the mail system's"), refused::getMessage);
        assertEquals(5, remote().call(DAEMON, new LettersWork(works)).size());
        works.forEach(work -> work.letter().body().release());
        assertAllThreadsAreRoots();
    }

    @Test
    void takesNoOtherUsersWorkIntoATransaction() throws Exception {
        String work = "RCPT TO:<x> XWORK=work=maildir&path=" + directory + "/Maildir&copy=nnnnnnn&line-end=%0A&sender="
                + "&original-to=&delivered-to=&size-max=0&otherwise="
                + EnhancedStatus.of(5, 2, 0).packed();
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            DeputyChannel channel = new DeputyChannel(connection);
            channel.writeLines("MAIL FROM:<>", work + "&user=daemon&uid=1&gid=1", "BDAT 6", "a", ".");
            channel.writeLines(work + "&user=bin&uid=2&gid=2", "BDAT 6", "b", ".");
            channel.writeLines(work + "&user=daemon&uid=1&gid=1", "BDAT 6 LAST", "c", ".");
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                codes.add(channel.readReply().code());
            }
            assertEquals(List.of(220, 250, 250, 250, 550, 503, 250, 250), codes);
            assertEquals(250, channel.readReply().code());
        }
        try (Stream<Path> all = Files.list(directory.resolve("Maildir/new"))) {
            assertEquals(
                    List.of("daemon", "daemon"),
                    all.map(file -> {
                                try {
                                    return Files.getOwner(file).getName();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            })
                            .toList());
        }
    }

    @Test
    void takesLargeMessagesAndNoneThatAreTooLarge() throws Exception {
        String large = "A: b\n\n" + "x".repeat(70).concat("\n").repeat(12_000);
        assertEquals(Kind.DELIVERED, shell(DAEMON, "cat >large", large).kind());
        assertEquals(large, Files.readString(directory.resolve("large")));
        assertEquals(Kind.DEFERRED, shell(DAEMON, "cat >large", large + large).kind());
    }

    private Path homeOfDaemon() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Files.setOwner(
                home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        return home;
    }

    private DeputyIdentity remote() throws IOException {
        // As if this process were somebody else, who is not root.
        return new DeputyIdentity(new OwnIdentity(65534), client);
    }

    @Test
    void deliversToMailboxesOfUsers() throws Exception {
        Path home = homeOfDaemon();
        MailboxSettings settings = new MailboxSettings(
                List.of(MailboxSettings.LockStyle.FCNTL, MailboxSettings.LockStyle.DOTLOCK),
                2,
                Duration.ofMillis(10),
                Duration.ofSeconds(500),
                0,
                true);
        FileBody body = FileBody.of(MESSAGE).cutAt(7);
        EnhancedStatus otherwise = EnhancedStatus.of(5, 2, 0);
        MailboxLetter letter =
                new MailboxLetter(body, MailboxLetter.inFile(true), new CopyAddresses("s@a.test", "", "d@b.test"));
        AppendWork append = new AppendWork(
                new MailboxFile(AppendRecords.none()),
                new MailboxFile.Place(home.resolve("mbox"), settings, 1, true, otherwise),
                letter);
        assertTrue(remote().call(DAEMON, append).isDelivered());
        assertTrue(Files.readString(home.resolve("mbox")).endsWith("Delivered-To: d@b.test\n" + MESSAGE + "\n"));
        assertEquals("daemon", Files.getOwner(home.resolve("mbox")).getName());
        MailboxResult refused = remote().call(BIN, append);
        assertFalse(refused.isDelivered());
        assertTrue(refused.reason().endsWith("Permission denied"), refused.reason());
        MaildirWork maildir = new MaildirWork(
                new Maildir("unused"), new Maildir.Place(home.resolve("Maildir"), 0, otherwise), letter);
        assertTrue(remote().call(DAEMON, maildir).isDelivered());
        try (Stream<Path> files = Files.list(home.resolve("Maildir/new"))) {
            assertTrue(files.allMatch(file -> file.toString().endsWith(".h.test")));
        }
        MailboxResult denied = remote().call(BIN, maildir);
        assertEquals(
                "perhaps you need to create the maildirs in advance",
                denied.warnings().get(1));
        body.release();
        assertAllThreadsAreRoots();
    }

    @Test
    void readsFilesThatListAddresses() throws Exception {
        Path home = homeOfDaemon();
        Path forward = Files.writeString(home.resolve(".forward"), "a@b.test,\n\"|prog & x\"\n");
        assertEquals(Files.readString(forward), remote().call(DAEMON, new TextWork(forward)));
        assertEquals(FileFacts.of(forward), remote().call(DAEMON, new FactsWork(forward, true)));
        assertThrows(AccessDeniedException.class, () -> remote().call(BIN, new TextWork(forward)));
        assertThrows(
                NoSuchFileException.class, () -> remote().call(DAEMON, new FactsWork(home.resolve("none"), false)));
        assertThrows(IOException.class, () -> remote().call(DAEMON, () -> "what it does not know"));
        assertTrue(remote().refusal(new UserIds("root", 0, 0)).endsWith(" are privileged"));
    }

    @Test
    void letsProgramsOfUsersTalk() throws Exception {
        Path inbox = directory.resolve("talk");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(inbox));
            CommandOrder order = new CommandOrder(
                    "spawn",
                    CommandLine.ofWords(
                            List.of("/bin/sh", "-c", "id -u; while read x; do echo \"got $x\"; done; echo bye >&2")),
                    DAEMON,
                    Map.of("PATH", "/usr/bin:/bin"),
                    "/",
                    Duration.ofSeconds(60),
                    CopyRules.PLAIN,
                    new CopyAddresses("", "", ""));
            Thread talking = new Thread(() -> {
                try {
                    client.converse(order, listener.accept());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            talking.start();
            try (SocketChannel end = SocketChannel.open(UnixDomainSocketAddress.of(inbox))) {
                DeputyChannel lines = new DeputyChannel(end);
                assertEquals("1", lines.readLine());
                lines.writeLines("a", "b");
                assertEquals("got a", lines.readLine());
                assertEquals("got b", lines.readLine());
                end.shutdownOutput();
                assertEquals("bye", lines.readLine());
                assertThrows(EOFException.class, lines::readLine);
            }
            talking.join();
        }
        assertAllThreadsAreRoots();
    }

    @Test
    void defersWhenTheServiceIsDown() throws Exception {
        deputy.server().close();
        CommandResult result = shell(DAEMON, "exit 0");
        assertEquals(Kind.DEFERRED, result.kind());
        assertEquals(
                "cannot act as user daemon (uid 1): delivery service " + socket + ": No such file or directory",
                result.text());
    }

    @Test
    void killsTheProgramOfAClientThatHasGone() throws Exception {
        Path pid = directory.resolve("pid");
        Thread waiting = new Thread(() -> shell(DAEMON, "echo $$ >new; mv new pid; exec sleep 300"));
        waiting.start();
        while (Files.notExists(pid)) {
            Thread.sleep(5);
        }
        ProcessHandle program =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        // As the mail process does when it stops.
        waiting.interrupt();
        waiting.join();
        program.onExit().get(60, TimeUnit.SECONDS);
    }

    @Test
    void goesOnWithAServiceThatHasBeenStartedAgain() throws Exception {
        FactsWork work = new FactsWork(directory, true);
        assertEquals(FileFacts.of(directory), remote().call(DAEMON, work));
        DeputyClient before = client;
        long beganNs = System.nanoTime();
        close();
        // Connections that wait for their next work keep nobody waiting.
        assertTrue(System.nanoTime() - beganNs < 15_000_000_000L);
        open("root");
        assertEquals(FileFacts.of(directory), before.call(DAEMON, work));
    }

    @Test
    void doesWorksOfManyThreadsAtOnceEachWithItsAnswer() throws Exception {
        Path home = homeOfDaemon();
        List<Thread> threads = new ArrayList<>();
        AtomicInteger right = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            Path file = Files.writeString(home.resolve("file" + i), "text " + i);
            threads.add(new Thread(() -> {
                try {
                    for (int n = 0; n < 50; n++) {
                        if (Files.readString(file).equals(remote().call(DAEMON, new TextWork(file)))) {
                            right.incrementAndGet();
                        }
                        assertThrows(
                                NoSuchFileException.class,
                                () -> remote().call(DAEMON, new FactsWork(home.resolve("none"), false)));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread one : threads) {
            one.join();
        }
        assertEquals(400, right.get());
    }

    @Test
    void isFatalInOneLineWhereAnotherServiceAnswers() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path scratch = Files.createDirectory(directory.resolve("mine"));
        Process second = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeputyMain.class.getName(),
                        socket.toString(),
                        scratch.toString(),
                        "games",
                        "5",
                        "60")
                .redirectErrorStream(true)
                .start();
        second.getOutputStream().close();
        String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, second.waitFor());
        assertEquals("stafette-deputy: fatal: " + socket + ": another one answers there\n", said);
        assertFalse(Files.exists(scratch));
        assertEquals(Kind.DELIVERED, shell(DAEMON, "exit 0").kind());
    }

    @Test
    void leavesAnotherServiceAlone() {
        assertThrows(IOException.class, () -> open("root"));
        assertFalse(Files.notExists(socket));
    }
}
