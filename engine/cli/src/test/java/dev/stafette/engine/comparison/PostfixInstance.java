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

    private final Process master;

    private PostfixInstance(Process master) {
        this.master = master;
    }

    /**
     * Returns when the port answers.
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
        PostfixInstance instance = new PostfixInstance(start(master(nameServer, directory), directory.resolve("out")));
        instance.awaitPort(port, directory);
        return instance;
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
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
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

    @Override
    public void close() throws IOException {
        master.destroy();
        try {
            master.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
