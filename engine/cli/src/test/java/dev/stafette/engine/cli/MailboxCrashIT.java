// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The mail process and the delivery service are killed while they deliver: what was acknowledged is in the mailboxes, whole. */
@Timeout(600)
@ExtendWith(OneTry.class)
class MailboxCrashIT {
    /** More of them find rarer gaps. */
    private static final int KILLS = Integer.getInteger("stafette.mailbox.kills", 1);

    private static final int SESSIONS = 4;
    private static final int LINES = 60;

    /** Of every other message, which a mailbox file takes in pieces. */
    private static final int LINES_OF_LARGE = 1000;

    /** In flight at once and not yet known to be done, of both mailboxes. */
    private static final int DOUBLED_MAX = 2 * 100;

    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();

    /** As a mailbox has it, from its subject to the end of the header. */
    private static final Pattern HEADER = Pattern.compile("Subject: (\\d+)\n(?:\\S.*\n)*\n");

    private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final AtomicInteger next = new AtomicInteger();

    private Path parent;
    private Path boxes;
    private Path socket;
    private MtaDirectory directory;

    @BeforeEach
    void makeDirectory() throws Exception {
        Assumptions.assumeTrue(Installation.isRoot(), "skipped: only root's start has a delivery service beside it");
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        Programs.require("setpriv");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "mailbox-crash");
        boxes = Files.createDirectory(parent.resolve("boxes"));
        Files.setAttribute(boxes, "unix:uid", 1000);
        socket = parent.resolve("service/socket");
        directory = MtaDirectory.create(
                parent,
                "mta",
                List.of(
                        "virtual_mailbox_domains = box.test",
                        "virtual_mailbox_base = " + boxes,
                        "virtual_mailbox_maps = inline:{ { dir@box.test = dir/ } { file@box.test = file } }",
                        "virtual_mailbox_limit = 0",
                        "virtual_uid_maps = static:1000",
                        "virtual_gid_maps = static:1000",
                        "deputy_socket = " + socket,
                        "stale_lock_time = 1s",
                        "minimal_backoff_time = 1s",
                        "queue_run_delay = 1s"));
        Files.writeString(
                directory.path().resolve("master.cf"), "virtual unix - n n - - virtual\n", StandardOpenOption.APPEND);
        BriefJvm.writeOptions(HOME, directory.path());
    }

    @AfterEach
    void deleteDirectory() throws Exception {
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    private MtaProcess start() throws Exception {
        MtaProcess process = MtaProcess.start(HOME, directory, Map.of());
        process.awaitReady();
        return process;
    }

    private static void killJvms() {
        ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").matches(".*(stafette\\.jar|DeputyMain).*"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** Messages for both mailboxes, until the connection ends. */
    private void send() {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), directory.port())) {
            client.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            say(client, in, "", "220");
            say(client, in, "HELO c.test\r\n", "250");
            while (true) {
                int number = next.incrementAndGet();
                say(client, in, "MAIL FROM:<a@a.test>\r\n", "250");
                say(client, in, "RCPT TO:<dir@box.test>\r\n", "250");
                say(client, in, "RCPT TO:<file@box.test>\r\n", "250");
                say(client, in, "DATA\r\n", "354");
                say(client, in, content(number), "250");
                acknowledged.add(number);
            }
        } catch (IOException e) {
            // Killed.
            return;
        }
    }

    private static String content(int number) {
        return "Subject: " + number + "\r\n\r\n" + body(number).replace("\n", "\r\n") + ".\r\n";
    }

    private static String body(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < (number % 2 == 0 ? LINES_OF_LARGE : LINES); i++) {
            text.append(number)
                    .append(" line ")
                    .append(i)
                    .append(' ')
                    .append("x".repeat(55))
                    .append('\n');
        }
        return text.append(number).append(" ends\n").toString();
    }

    private static void say(Socket client, BufferedReader in, String text, String code) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        String reply = in.readLine();
        if (reply == null || !reply.startsWith(code)) {
            throw new IOException(String.valueOf(reply));
        }
    }

    /** How often each message is there; nothing else is. */
    private Map<Integer, Integer> inFile() throws IOException {
        Map<Integer, Integer> counts = new TreeMap<>();
        String text;
        try {
            text = Files.readString(boxes.resolve("file"));
        } catch (NoSuchFileException e) {
            return counts;
        }
        for (String one : text.split("(?m)^From (?=a@a.test  )")) {
            if (!one.isEmpty()) {
                assertTrue(one.endsWith(" ends\n\n"), () -> "torn: " + one);
                count(one.substring(0, one.length() - 1), counts);
            }
        }
        return counts;
    }

    private Map<Integer, Integer> inDirectory() throws IOException {
        Map<Integer, Integer> counts = new TreeMap<>();
        if (Files.exists(boxes.resolve("dir/new"))) {
            try (Stream<Path> files = Files.list(boxes.resolve("dir/new"))) {
                for (Path file : files.toList()) {
                    count(Files.readString(file), counts);
                }
            }
        }
        return counts;
    }

    private static void count(String message, Map<Integer, Integer> counts) {
        Matcher matcher = HEADER.matcher(message);
        assertTrue(matcher.find(), () -> "no header: " + message);
        int number = Integer.parseInt(matcher.group(1));
        String body = message.substring(matcher.end());
        assertTrue(body.equals(body(number)), () -> "not whole: " + body);
        counts.merge(number, 1, Integer::sum);
    }

    private boolean isAllThere() throws IOException {
        return inDirectory().keySet().containsAll(acknowledged)
                && Files.exists(boxes.resolve("file"))
                && Stream.of(Files.readString(boxes.resolve("file")).split("\n"))
                        .filter(line -> line.endsWith(" ends"))
                        .map(line -> Integer.valueOf(line.replace(" ends", "")))
                        .toList()
                        .containsAll(acknowledged);
    }

    @Test
    void mailboxesAreWholeAndHaveAllThatWasAcknowledged() throws Exception {
        Random random = new Random(13);
        for (int i = 0; i < KILLS; i++) {
            try (MtaProcess process = start()) {
                int before = acknowledged.size();
                List<Thread> senders = new ArrayList<>();
                for (int n = 0; n < SESSIONS; n++) {
                    senders.add(new Thread(this::send));
                }
                senders.forEach(Thread::start);
                while (acknowledged.size() < before + 20 && process.isAlive()) {
                    TimeUnit.MILLISECONDS.sleep(2);
                }
                // Deliveries have begun, or will have.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
                killJvms();
                for (Thread sender : senders) {
                    sender.join();
                }
            }
        }
        try (MtaProcess process = start()) {
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
            while (!isAllThere() && System.nanoTime() < deadlineNs) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            assertTrue(process.isAlive());
        }
        for (Map<Integer, Integer> box : List.of(inDirectory(), inFile())) {
            List<Integer> missing =
                    acknowledged.stream().filter(one -> !box.containsKey(one)).toList();
            assertEquals(List.of(), missing, () -> "of " + acknowledged.size());
            int doubled = box.values().stream().mapToInt(count -> count - 1).sum();
            assertTrue(doubled <= KILLS * DOUBLED_MAX, "more are there twice than were in flight: " + doubled);
        }
    }
}
