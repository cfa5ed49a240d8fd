// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running Postfix of Debian's, in a directory of its own, which sees a name server and a list of hosts of its own. */
final class PostfixInstance implements AutoCloseable {
    static final Path MASTER = Path.of("/usr/lib/postfix/sbin/master");

    private static final List<String> QUEUES = List.of(
            "incoming",
            "active",
            "deferred",
            "hold",
            "corrupt",
            "private",
            "public",
            "maildrop",
            "pid",
            "bounce",
            "defer",
            "trace",
            "flush",
            "saved");

    private static final List<String> MASTER_CF = List.of(
            "rewrite unix - - n - - trivial-rewrite",
            "cleanup unix n - n - 0 cleanup",
            "anvil unix - - n - 1 anvil",
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "postlog unix-dgram n - n - 1 postlogd");

    /** Of the programs that carry mail on, for an instance that does more than take it. */
    static final List<String> DELIVERY_ROWS = List.of(
            "qmgr unix n - n 300 1 qmgr",
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "smtp unix - - n - - smtp",
            "relay unix - - n - - smtp",
            "error unix - - n - - error",
            "retry unix - - n - - error",
            "scache unix - - n - 1 scache");

    private static final long START_S_MAX = 60;
    private static final long STOP_S_MAX = 20;

    private final Process master;
    private final Path queue;

    private PostfixInstance(Process master, Path queue) {
        this.master = master;
        this.queue = queue;
    }

    /**
     * Returns when the port has answered, and all is over that comes of having asked: the first session of the log, and of
     * whomever Postfix tells of sessions, is the test's.
     *
     * @param tables to be built, {@code type:path}
     */
    static PostfixInstance start(
            Path directory,
            List<String> mainCf,
            List<String> masterCf,
            List<String> tables,
            String nameServer,
            int port)
            throws IOException, InterruptedException {
        UserPrincipal owner =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix");
        Path queue = directory.resolve("queue");
        for (String name : QUEUES) {
            Files.setOwner(Files.createDirectories(queue.resolve(name)), owner);
        }
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.setOwner(data, owner);
        List<String> main = new ArrayList<>(mainCf);
        main.addAll(List.of(
                "queue_directory = " + queue,
                "data_directory = " + data,
                "maillog_file = " + directory.resolve("mail.log"),
                "maillog_file_prefixes = " + directory));
        Files.write(directory.resolve("main.cf"), main);
        List<String> rows = new ArrayList<>(MASTER_CF);
        rows.addAll(masterCf);
        Files.write(directory.resolve("master.cf"), rows);
        if (!tables.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("/usr/sbin/postmap", "-c", directory.toString()));
            words.addAll(tables);
            Process postmap = start(words, directory.resolve("postmap"));
            if (postmap.waitFor() != 0) {
                throw new IOException(Files.readString(directory.resolve("postmap")));
            }
        }
        PostfixInstance instance =
                new PostfixInstance(start(master(nameServer, directory), directory.resolve("out")), queue.toRealPath());
        try {
            instance.awaitPort(port, directory);
            LogLines.await(directory.resolve("mail.log"), 0, PostfixInstance::hasEndOfSession);
            return instance;
        } catch (IOException | InterruptedException | AssertionError e) {
            instance.close();
            throw e;
        }
    }

    /** Its programs know no port of a name server but 53, and no other file that names it: they get a view of their own. */
    private static List<String> master(String nameServer, Path directory) throws IOException {
        Path names = Files.writeString(
                directory.resolve("resolv.conf"), "nameserver " + nameServer + "\noptions timeout:30 attempts:1\n");
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
        // A test may want accounts of its own.
        Path accounts = directory.resolve("passwd");
        String script = "mount --bind " + names + " /etc/resolv.conf && mount --bind " + hosts + " /etc/hosts && "
                + (Files.exists(accounts) ? "mount --bind " + accounts + " /etc/passwd && " : "") + "exec " + MASTER
                + " -d -c " + directory;
        return List.of("unshare", "-m", "sh", "-c", script);
    }

    private static Process start(List<String> words, Path out) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private void awaitPort(int port, Path directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S_MAX);
        while (System.nanoTime() < deadline && master.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("master did not start: " + Files.readString(directory.resolve("out")));
    }

    /** smtpd says it in small letters, postscreen in large ones. */
    private static boolean hasEndOfSession(List<String> lines) {
        return lines.stream().anyMatch(line -> line.contains("disconnect from ") || line.contains("]: DISCONNECT "));
    }

    /** Returns when none of its programs is left that could write where the test deletes. */
    @Override
    public void close() throws IOException {
        master.destroy();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_S_MAX);
        try {
            if (!master.waitFor(STOP_S_MAX, TimeUnit.SECONDS)) {
                master.destroyForcibly().waitFor();
            }
            // Those that are idle end by themselves when it has.
            for (List<ProcessHandle> left = programs(); !left.isEmpty(); left = programs()) {
                boolean isTooLong = System.nanoTime() > deadline;
                left.forEach(isTooLong ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
                TimeUnit.MILLISECONDS.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of this instance: they work in its queue. One that has ended and was not asked how has no directory any more. */
    private List<ProcessHandle> programs() {
        return ProcessHandle.allProcesses().filter(this::isOwn).toList();
    }

    private boolean isOwn(ProcessHandle program) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", String.valueOf(program.pid()), "cwd"))
                    .startsWith(queue);
        } catch (IOException gone) {
            return false;
        }
    }
}
