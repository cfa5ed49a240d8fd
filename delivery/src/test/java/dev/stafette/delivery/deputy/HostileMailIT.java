// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.Flock;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.TextWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a mail process that has been taken over, and users of the machine, get out of the service: not root. */
@Timeout(180)
class HostileMailIT {
    private static final UserIds DAEMON = new UserIds("daemon", 1, 1);
    private static final EnhancedStatus OTHERWISE = EnhancedStatus.of(5, 2, 0);

    @TempDir
    private Path directory;

    private Path home;
    private Path socket;
    private TestDeputy deputy;
    private DeputyClient client;

    @BeforeEach
    void open() throws Exception {
        TestDeputy.require();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        home = Files.createDirectory(directory.resolve("home"));
        Files.setOwner(
                home, home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("daemon"));
        deputy = TestDeputy.open(directory, new ThreadIdentity(new UserIds("games", 5, 60), Set.of(6, 42)), "root");
        socket = deputy.socket();
        client = deputy.client();
    }

    @AfterEach
    void close() throws Exception {
        if (deputy != null) {
            deputy.close();
        }
    }

    private DeputyIdentity remote() throws IOException {
        // As if this process were somebody else, who is not root.
        return new DeputyIdentity(new OwnIdentity(65534), client);
    }

    @Test
    void loadsNothingAsRootThatTheEnvironmentNames() throws Exception {
        FileBody body = FileBody.of("\n.\n").cutAt(1);
        CommandOrder order = new CommandOrder(
                "pipe",
                CommandLine.ofWords(List.of("/bin/sh", "-c", "cat >/dev/null; echo $LD_DEBUG")),
                DAEMON,
                // The loader of any program that gets them writes a file with its own rights, and could load a library
                // as well.
                Map.of("PATH", "/usr/bin:/bin", "LD_DEBUG", "libs", "LD_DEBUG_OUTPUT", home + "/loader"),
                home.toString(),
                Duration.ofSeconds(60),
                CopyRules.PLAIN,
                new CopyAddresses("s", "o", "d"));
        assertEquals("libs", client.run(order, body, 0).text().strip());
        body.release();
        assertEquals(Set.of("daemon"), Set.copyOf(ownersAtHome()));
    }

    private List<String> ownersAtHome() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.map(file -> {
                        try {
                            return Files.getOwner(file).getName();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    @Test
    void refusesGroupsThatAreAsGoodAsRoot() throws Exception {
        assertTrue(remote().refusal(new UserIds("x", 1000, 0)).endsWith(" are privileged"));
        for (int gid : new int[] {6, 42}) {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> remote().call(new UserIds("x", 1000, gid), new TextWork(Path.of("/etc/hostname"))));
            assertTrue(String.valueOf(refused.getMessage()).endsWith(" are privileged"), refused::getMessage);
        }
    }

    @Test
    void locksWithTheCallAndNotWithAProgramOfRoots() throws Exception {
        Path mailbox = home.resolve("mbox");
        MailboxSettings settings = new MailboxSettings(
                List.of(MailboxSettings.LockStyle.FLOCK), 2, Duration.ofMillis(10), Duration.ofSeconds(500), 0, true);
        FileBody body = FileBody.of("A: b\n\n.c\n").cutAt(2);
        AppendWork append = new AppendWork(
                new MailboxFile(AppendRecords.none()),
                new MailboxFile.Place(mailbox, settings, 1, true, OTHERWISE),
                new MailboxLetter(body, MailboxLetter.inFile(true), new CopyAddresses("s@a.test", "", "d@b.test")));
        String before = faultsOfChildren();
        assertTrue(remote().call(DAEMON, append).isDelivered());
        long size = Files.size(mailbox);
        Flock.Held held = new FlockCall().tryLock(mailbox);
        awaitInLocks("FLOCK  ADVISORY  WRITE " + ProcessHandle.current().pid() + " ");
        assertNull(new FlockCall().tryLock(mailbox));
        MailboxResult busy = remote().call(DAEMON, append);
        assertEquals("4.2.0", busy.status().toString());
        held.close();
        assertEquals(size, Files.size(mailbox));
        assertTrue(remote().call(DAEMON, append).isDelivered());
        body.release();
        assertEquals(List.of("daemon"), ownersAtHome());
        assertEquals(before, faultsOfChildren());
    }

    /** The list is read in pieces, between which others' locks come and go: it may miss one that is there. */
    private static void awaitInLocks(String lock) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String locks = Files.readString(Path.of("/proc/locks"));
        while (!locks.contains(lock) && System.nanoTime() - deadline < 0) {
            TimeUnit.MILLISECONDS.sleep(20);
            locks = Files.readString(Path.of("/proc/locks"));
        }
        assertTrue(locks.contains(lock), locks);
    }

    /** They grow with each program that this process has run to its end. */
    private static String faultsOfChildren() throws IOException {
        String fields = Files.readString(Path.of("/proc/self/stat"));
        return fields.substring(fields.lastIndexOf(')')).split(" ")[9];
    }

    @Test
    void readsLongListsPieceByPieceAndNoHalfOnes() throws Exception {
        Path list = home.resolve("list");
        String text = "\u00fcser%1@example.org,\n".repeat(60_000);
        Files.writeString(list, text);
        assertEquals(text, remote().call(DAEMON, new TextWork(list)));
        Files.writeString(list, "u@example.org\n".repeat(TextWork.BYTES_MAX / 14 + 1));
        IOException refused = assertThrows(IOException.class, () -> remote().call(DAEMON, new TextWork(list)));
        assertTrue(String.valueOf(refused.getMessage()).endsWith("File too large"), refused::getMessage);
    }

    @Test
    void answersWorkThatMakesNoSense() throws Exception {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            DeputyChannel channel = new DeputyChannel(connection);
            assertEquals(220, channel.readReply().code());
            for (String work : List.of(
                    "XWORK work=piece&from=0&path=%00&user=u&uid=1&gid=1",
                    "XWORK work=piece&from=-9223372036854775808&path=/nowhere&user=u&uid=1&gid=1",
                    "XWORK work=facts&follow=1&path=/etc%00&user=u&uid=1&gid=1",
                    "XWORK work=facts&follow=1&path=/etc&user=u&uid=1",
                    "XWORK %",
                    "XWORK =&=",
                    "XWORK ")) {
                channel.writeLines(work);
                assertEquals(451, channel.readReply().code(), work);
            }
            for (String id : List.of("-9223372036854775808", "-1", "0")) {
                channel.writeLines("XWORK work=facts&follow=1&path=/etc&user=u&uid=" + id + "&gid=1");
                assertEquals(550, channel.readReply().code(), id);
            }
            channel.writeLines(
                    "MAIL FROM:<>",
                    "RCPT TO:<u> XWORK=work=maildir&path=%00&user=u&uid=1&gid=1&copy=nnnnnnn"
                            + "&line-end=&sender=&original-to=&delivered-to=&size-max=0&otherwise=0",
                    "BDAT 5 LAST");
            channel.writeLines("a", "");
            assertEquals(250, channel.readReply().code());
            assertEquals(250, channel.readReply().code());
            assertEquals(450, channel.readReply().code());
        }
        assertFalse(Files.exists(home.resolve("tmp")));
    }

    @Test
    void keepsWhatIsTooMuchForItsMemoryInFiles() throws Exception {
        LetterMemory memory = new LetterMemory(10);
        assertTrue(memory.tryTake(6));
        assertFalse(memory.tryTake(5));
        assertTrue(memory.tryTake(4));
        memory.giveBack(10);
        Path scratch = Files.createDirectory(directory.resolve("bodies"));
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            DeputyChannel channel = new DeputyChannel(connection);
            assertEquals(220, channel.readReply().code());
            // What the service says is as good as a message to read.
            channel.writeLines("aaaaaa", "bbbbbb");
            ReceivedBody first = ReceivedBody.read(channel, 8, scratch, memory);
            ReceivedBody second = ReceivedBody.read(channel, 8, scratch, memory);
            assertTrue(first.partCount() == 0 && second.partCount() == 1);
            first.release();
            second.release();
            ReceivedBody third = ReceivedBody.read(channel, 8, scratch, memory);
            assertEquals(0, third.partCount());
            third.release();
        }
    }

    @Test
    void givesNoSocketAwayWhereOthersCouldPutALink() throws Exception {
        RootsWay.check(directory.toRealPath());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThrows(IOException.class, () -> RootsWay.check(directory.toRealPath()));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThrows(IOException.class, () -> RootsWay.check(home.toRealPath()));
    }

    @Test
    void findsTheNumbersOfPrivilegedGroups() throws Exception {
        Path file = directory.resolve("group");
        assertEquals(Set.of(0), PrivilegedGroups.read(file));
        Files.writeString(
                file,
                "root:x:0:\nmail:x:8:\ndisk:x:6:a,b\nshadow:x:42\ndocker:x:99999999999:\nbad\n::\nkmem:\u00e9:15:\n",
                StandardCharsets.ISO_8859_1);
        assertEquals(Set.of(0, 6, 15, 42), PrivilegedGroups.read(file));
    }

    @Test
    void goesOnWhenAClientCannotBeTaken() throws Exception {
        UnwillingListener listener = new UnwillingListener();
        DeputyServer unlucky = new DeputyServer(
                socket,
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"),
                new DeputyParts(
                        new OwnIdentity(0),
                        deputy.commands(),
                        null,
                        null,
                        directory,
                        new LetterMemory(1 << 16),
                        1 << 20),
                listener);
        unlucky.run();
        assertEquals(3, listener.calls);
    }

    /** There are no descriptors, twice; then it is closed. */
    private static final class UnwillingListener extends ServerSocketChannel {
        private int calls;

        UnwillingListener() {
            super(SelectorProvider.provider());
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (++calls == 3) {
                throw new ClosedChannelException();
            }
            throw new IOException("Too many open files");
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) {
            return this;
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
            return this;
        }

        @Override
        public <T> T getOption(SocketOption<T> name) {
            return null;
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return Set.of();
        }

        @Override
        public ServerSocket socket() {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketAddress getLocalAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void implCloseSelectableChannel() {}

        @Override
        protected void implConfigureBlocking(boolean block) {}
    }
}
