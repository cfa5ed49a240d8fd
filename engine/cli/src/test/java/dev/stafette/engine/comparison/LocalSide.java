// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One mail system's users: their accounts, homes and mailboxes, and what has become of the mail that was sent to them. */
final class LocalSide {
    /** nobody's, so that the programs may be the users: ours is not root. */
    static final int UID = 65534;

    private static final long QUIET_MS = 5000;
    private static final int WAIT_S = 120;
    private static final Pattern FORWARDED = Pattern.compile("\\(forwarded as (\\w+)\\)");

    private final Path base;
    private final List<LocalCase> cases;
    private final Map<LocalCase, List<String>> queueIds = new LinkedHashMap<>();

    LocalSide(Path base, List<LocalCase> cases) {
        this.base = base;
        this.cases = cases;
    }

    /** Everything that is there before; returns main.cf. */
    List<String> prepare() throws IOException, InterruptedException {
        StringBuilder accounts = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
            accounts.append(line).append('\n');
        }
        StringBuilder aliases = new StringBuilder();
        StringBuilder boxes = new StringBuilder();
        StringBuilder commands = new StringBuilder();
        for (String name : List.of("home", "mail", "maildirs", "open", "lists", "virtual")) {
            Files.createDirectories(base.resolve(name));
        }
        for (LocalCase one : cases) {
            String user = one.user();
            Path home = Files.createDirectories(base.resolve("home").resolve(user));
            accounts.append(user + ":x:" + UID + ":" + UID + "::" + home + ":/bin/sh\n");
            one.all("alias", base)
                    .forEach(
                            line -> aliases.append(line.replaceFirst(": ", " ")).append('\n'));
            boxes.append("box-" + user + "@v.test " + user + "-box\ndir-" + user + "@v.test " + user + "-dir/\n");
            commands.append(user + " cat > $HOME/by-map\n");
            one.write(base);
        }
        Files.writeString(base.resolve("passwd"), accounts);
        Files.writeString(base.resolve("aliases"), aliases);
        Files.writeString(base.resolve("boxes"), boxes);
        Files.writeString(base.resolve("commands"), commands);
        run(List.of("chown", "-hR", UID + ":" + UID, base.toString()));
        run(List.of(
                "chown",
                "-R",
                "0:0",
                base.resolve("lists").toString(),
                base.resolve("aliases").toString()));
        run(List.of("chmod", "1777", base.resolve("mail").toString()));
        for (LocalCase one : cases) {
            one.writeOwn(base);
        }
        return mainCf();
    }

    static void run(List<String> words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", words));
        }
    }

    private List<String> mainCf() {
        List<String> domains =
                services().stream().map(row -> row.split(" ")[0] + ".test").toList();
        StringBuilder transports = new StringBuilder();
        domains.forEach(domain -> transports.append(domain + "=" + domain.replace(".test", ":") + ", "));
        return List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.d.test",
                "myorigin = d.test",
                "mydestination = d.test, " + String.join(", ", domains),
                "virtual_mailbox_domains = v.test",
                "virtual_mailbox_base = " + base + "/virtual",
                "virtual_mailbox_maps = texthash:" + base + "/boxes",
                "virtual_uid_maps = static:" + UID,
                "virtual_gid_maps = static:" + UID,
                "inet_interfaces = loopback-only",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "recipient_delimiter = +",
                "local_recipient_maps =",
                "smtpd_reject_unlisted_recipient = no",
                "transport_maps = inline:{" + transports + "far.test=discard:far}",
                "alias_maps = texthash:" + base + "/aliases",
                "alias_database =",
                "mail_spool_directory = " + base + "/mail",
                "mailbox_size_limit = 100000",
                "message_size_limit = 90000",
                "deliver_lock_attempts = 1",
                "biff = no",
                "default_transport = discard:default",
                "notify_classes =",
                "soft_bounce = no",
                "message_drop_headers = bcc, content-length, resent-bcc, return-path");
    }

    /** A way of delivering a row; main.cf gives each a domain. */
    List<String> services() {
        return List.of(
                "expand unix - n n - - local -o expand_owner_alias=yes -o frozen_delivered_to=no"
                        + " -o propagate_unmatched_extensions=alias,forward,include",
                "strict unix - n n - - local -o allow_mail_to_commands= -o allow_mail_to_files=",
                "maildir unix - n n - - local -o home_mailbox=Maildir/",
                "homebox unix - n n - - local -o home_mailbox=mbox",
                "spooldir unix - n n - - local -o mail_spool_directory=" + base + "/maildirs/",
                "command unix - n n - - local -o { mailbox_command = cat > $HOME/by-$EXTENSION }",
                "procmail unix - n n - - local -o { mailbox_command = /usr/bin/procmail -a \"$EXTENSION\" }",
                "commands unix - n n - - local -o mailbox_command_maps=texthash:" + base + "/commands",
                "transport unix - n n - - local -o mailbox_transport=discard:by",
                "fallback unix - n n - - local -o fallback_transport=error:falls",
                "relay unix - n n - - local -o { luser_relay = r-$local@far.test }",
                "bare unix - n n - - local -o { prepend_delivered_header = }");
    }

    void send(int port) throws IOException {
        for (LocalCase one : cases) {
            List<String> ids = new ArrayList<>();
            for (String recipient : one.all("to", base)) {
                ids.add(send(one, recipient, port));
            }
            queueIds.put(one, ids);
        }
    }

    private String send(LocalCase one, String recipient, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            say(socket, in, "HELO c.test");
            say(socket, in, "MAIL FROM:<s@far.test>");
            say(socket, in, "RCPT TO:<" + recipient + ">");
            say(socket, in, "DATA");
            StringBuilder content = new StringBuilder();
            one.all("header", base).forEach(field -> content.append(field).append("\r\n"));
            content.append("From: s@far.test\r\nTo: x@d.test\r\nSubject: s\r\nDate: Sun, 29 Nov 2026 17:00:00 +0000\r\n"
                    + "Message-Id: <1@far.test>\r\n\r\n");
            one.bodies(base)
                    .forEach(body -> content.append(body.replace("\n.", "\n..").replace("\n", "\r\n"))
                            .append("\r\n"));
            String reply = say(socket, in, content + ".");
            return reply.startsWith("250") ? reply.substring(reply.lastIndexOf(' ') + 1) : reply;
        }
    }

    private static String say(Socket socket, BufferedReader in, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        return in.readLine();
    }

    /** What became of each case, when nothing happens any more. */
    Map<String, String> outcomes(Path log) throws IOException, InterruptedException {
        List<String> lines = List.of();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        long quietSince = System.nanoTime();
        while (System.nanoTime() < deadline
                && System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(QUIET_MS)) {
            List<String> now = LogLines.of(log);
            if (now.size() != lines.size()) {
                quietSince = System.nanoTime();
            }
            lines = now;
            TimeUnit.MILLISECONDS.sleep(50);
        }
        Map<String, String> outcomes = new TreeMap<>();
        for (LocalCase one : cases) {
            StringBuilder text = new StringBuilder();
            for (String id : queueIds.get(one)) {
                logged(id, lines, text);
            }
            files(one, text);
            outcomes.put(one.title(), masked(text.toString()));
        }
        return outcomes;
    }

    private static void logged(String id, List<String> lines, StringBuilder text) {
        text.append("message\n");
        TreeSet<String> all = new TreeSet<>();
        TreeSet<String> next = new TreeSet<>();
        for (String line : lines) {
            int at = line.indexOf(": " + id + ": to=<");
            if (at > 0) {
                String program = line.substring(0, at).replaceAll("^.*/|\\[.*$", "");
                String said = line.substring(at + id.length() + 4).replaceAll("(delay|delays|conn_use)=[^,]*, ", "");
                all.add(program + ": " + said + '\n');
                Matcher forwarded = FORWARDED.matcher(said);
                if (forwarded.find()) {
                    next.add(forwarded.group(1));
                }
            }
        }
        all.forEach(text::append);
        next.forEach(other -> logged(other, lines, text));
    }

    private void files(LocalCase one, StringBuilder text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name : List.of("home/" + one.user(), "mail", "maildirs", "open", "virtual")) {
            Path directory = base.resolve(name);
            try (Stream<Path> files = Files.walk(directory)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> name.startsWith("home")
                                || base.relativize(file).toString().matches(".*/(w-)?" + one.user() + "(\\D.*)?"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        for (Path file : found) {
            text.append("file ").append(file).append('\n');
            String content = Files.readString(file);
            text.append(content.length() > 50_000 ? "of " + content.length() + " characters\n" : content);
        }
    }

    private String masked(String text) {
        return text.replace(base.toString(), "%b")
                .replaceAll("(?m)^(From \\S+  ).*$", "$1DATE")
                .replaceAll("(?m)^Received: .*\\n([ \\t].*\\n)*", "")
                .replaceAll("\\d+\\.V\\w+I\\w+M\\d+\\.\\S+", "NAME")
                .replaceAll("\\d+\\.P\\d+\\S*", "TMP")
                .replaceAll("forwarded as \\w+", "forwarded as ID");
    }
}
