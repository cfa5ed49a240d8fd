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
import java.util.regex.Pattern;

/**
 * Debian's Postfix, which sees a name server and a list of hosts of its own. It has no queue manager, so that what it took
 * stays where it is.
 */
final class PostfixSide implements Side {
    static final Path MASTER = Path.of("/usr/lib/postfix/sbin/master");
    private static final String QUEUE = "queue";

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
            "dnsblog unix - - n - - dnsblog",
            "postlog unix-dgram n - n - 1 postlogd");

    private static final Pattern FOR_SMTPD_ONLY =
            Pattern.compile("smtpd_|\\w*class\\d* |\\w+_reject_code |\\w+_tempfail_action ");

    private final Process master;
    private final List<Integer> ports;

    private PostfixSide(Process master, List<Integer> ports) {
        this.master = master;
        this.ports = ports;
    }

    static PostfixSide start(CaseFile file, Surroundings around, Path directory)
            throws IOException, InterruptedException {
        UserPrincipal owner =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix");
        for (String name : QUEUES) {
            Files.setOwner(Files.createDirectories(directory.resolve(QUEUE).resolve(name)), owner);
        }
        Files.setOwner(Files.createDirectory(directory.resolve("data")), owner);
        List<String> built = TableFiles.write(file.blocks(), directory);
        writeMain(file, directory);
        List<Integer> ports = FreePorts.find(file.blocks().size());
        writeMaster(file, around, directory, ports);
        if (!built.isEmpty()) {
            List<String> words = new ArrayList<>(List.of("/usr/sbin/postmap", "-c", directory.toString()));
            words.addAll(built);
            Process postmap = start(words, directory.resolve("postmap"));
            if (postmap.waitFor() != 0) {
                throw new IOException(Files.readString(directory.resolve("postmap")));
            }
        }
        PostfixSide side = new PostfixSide(start(master(around, directory), directory.resolve("out")), ports);
        side.awaitPort(directory);
        return side;
    }

    private static void writeMain(CaseFile file, Path directory) throws IOException {
        List<String> main = new ArrayList<>(file.settings());
        main.addAll(List.of(
                "queue_directory = " + directory.resolve(QUEUE),
                "data_directory = " + directory.resolve("data"),
                "maillog_file = " + directory.resolve("mail.log"),
                "maillog_file_prefixes = " + directory,
                // Nobody takes messages out of the queue.
                "in_flow_delay = 0"));
        Files.write(directory.resolve("main.cf"), main);
    }

    /** Programs read their settings when they start: a block has those of its own that it says something to. */
    private static void writeMaster(CaseFile file, Surroundings around, Path directory, List<Integer> ports)
            throws IOException {
        List<String> rows = new ArrayList<>(MASTER_CF);
        for (int i = 0; i < ports.size(); i++) {
            List<String> settings =
                    new ArrayList<>(around.settings(file.blocks().get(i), directory));
            boolean isForSmtpdOnly = settings.stream()
                    .allMatch(line -> FOR_SMTPD_ONLY.matcher(line).lookingAt());
            settings.add("syslog_name = block" + i);
            if (!isForSmtpdOnly) {
                settings.add("rewrite_service_name = rewrite" + i);
                String options = Side.options(settings);
                rows.add("rewrite" + i + " unix - - n - - trivial-rewrite" + options);
                rows.add("cleanup" + i + " unix n - n - 0 cleanup" + options);
                settings.add("cleanup_service_name = cleanup" + i);
            }
            rows.add(Side.row(ports.get(i), "smtpd", settings));
        }
        Files.write(directory.resolve("master.cf"), rows);
    }

    /** Its programs know no port of a name server but 53, and no other file that names it: they get a view of their own. */
    private static List<String> master(Surroundings around, Path directory) throws IOException {
        Path names = Files.writeString(
                directory.resolve("resolv.conf"),
                "nameserver " + around.nameServer() + "\noptions timeout:1 attempts:1\n");
        // Ours knows that the whole network is the host itself.
        Path hosts = Files.writeString(
                directory.resolve("hosts"), "127.0.0.1 localhost\n127.0.0.7 localhost\n127.0.0.8 localhost\n");
        String script = "mount --bind " + names + " /etc/resolv.conf && mount --bind " + hosts + " /etc/hosts && exec "
                + MASTER + " -d -c " + directory;
        return List.of("unshare", "-m", "sh", "-c", script);
    }

    private static Process start(List<String> words, Path out) throws IOException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
    }

    private void awaitPort(Path directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline && master.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(address(ports.size() - 1));
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("master did not start: " + Files.readString(directory.resolve("out")));
    }

    @Override
    public InetSocketAddress address(int block) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(block));
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
