// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports, copies for the postmaster and transcripts: the same reach the same people as from Debian's Postfix. */
@Timeout(300)
class NoticesComparisonIT {
    private static final long WAIT_S = 60;

    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.6",
            // A transcript of a session that is used again begins in the middle.
            "smtp_connection_cache_on_demand = no",
            "lmtp_connection_cache_on_demand = no",
            "mail_name = Postfix",
            "myhostname = mx.b.test",
            "mydomain = b.test",
            "myorigin = mx.b.test",
            "mydestination = mx.b.test",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "mynetworks = 127.0.0.0/8",
            "smtpd_peername_lookup = no",
            "local_recipient_maps =",
            "alias_maps =",
            "relayhost = [127.0.0.11]:%sink",
            "local_transport = smtp:[127.0.0.12]:%sink",
            "transport_maps = inline:{ { gone.test = smtp: }, { l.test = lmtp:[127.0.0.11]:%sink } }",
            "virtual_alias_domains = v.test",
            "virtual_alias_maps = inline:{ { list@v.test = u@d.test, v@d.test } }",
            "smtpd_authorized_verp_clients = 127.0.0.1",
            "notify_classes = bounce, 2bounce, data, delay, policy, protocol, resource, software");

    private static final String LMTP_ROW = "lmtp unix - - n - - lmtp";

    private static final List<String> SESSION = List.of(
            "EHLO c.test",
            "FOO",
            "MAIL FROM:<s@a.test> XVERP=xx",
            "MAIL FROM:<s@a.test> XVERP",
            "RCPT TO:<u@gone.test>",
            "RCPT TO:<v@gone.test>",
            "DATA",
            "Subject: varied\r\n\r\nx\r\n.",
            "MAIL FROM:<s@a.test>",
            "RCPT TO:<u@gone.test>",
            "DATA",
            "Subject: plain\r\n\r\nx\r\n.",
            "MAIL FROM:<>",
            "RCPT TO:<u@gone.test>",
            "DATA",
            "From: x@a.test\r\nSubject: a report\r\n\r\nx\r\n.",
            "MAIL FROM:<s@a.test>",
            "RCPT TO:<list@v.test> NOTIFY=SUCCESS",
            "DATA",
            "Subject: to all\r\n\r\nx\r\n.",
            "MAIL FROM:<s@a.test>",
            "RCPT TO:<say-501@d.test>",
            "DATA",
            "Subject: to a server that knows better\r\n\r\nx\r\n.",
            "MAIL FROM:<s@a.test>",
            "RCPT TO:<say-555@l.test>",
            "DATA",
            "Subject: to a delivery agent that knows better\r\n\r\nx\r\n.",
            "MAIL FROM:<s@a.test> BODY=9BIT",
            "VRFY",
            "QUIT");

    /** Five bounces and their copies, a double bounce, mail to a list and what is said of it, three transcripts. */
    private static final int ARRIVALS = 16;

    private static final Pattern COMPARED = Pattern.compile(
            "(From|To|Subject|Auto-Submitted|Final-Recipient|Action|Status|X-Postfix-Sender):.*|Content-Type:"
                    + " (message|text/rfc822).*| (In|Out): .*|     \\S.*|Transcript .*|Session .*|Unexpected .*|For other"
                    + " .*");

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("notices");

    private List<String> mainCf(Path directory) {
        return MAIN_CF.stream()
                .map(line -> systems.around().expand(line, directory))
                .toList();
    }

    private static void converse(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            awaitReply(in);
            for (String line : SESSION) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                awaitReply(in);
            }
        }
    }

    private static void awaitReply(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
    }

    /** What arrives of one conversation, each as the lines that are compared. */
    private List<String> arrivals(int port) throws IOException, InterruptedException {
        int before = systems.around().sink().arrived().size();
        converse(port);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (systems.around().sink().arrived().size() < before + ARRIVALS && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        List<String> texts = new ArrayList<>();
        List<MailSink.Arrived> all = List.copyOf(systems.around().sink().arrived());
        for (MailSink.Arrived one : all.subList(before, all.size())) {
            texts.add(text(one));
        }
        return texts.stream().sorted().toList();
    }

    /** Of a client's transcript: Postfix says RSET before QUIT, and an LMTP client waits for the reply. */
    private static List<String> withoutReset(List<String> content) {
        int at = content.indexOf(" Out: RSET");
        List<String> rest = new ArrayList<>(content);
        if (at >= 0) {
            rest.subList(at, at + 2).clear();
        }
        if (content.contains(" Out: QUIT")) {
            rest.remove(" In:  221 2.0.0 Bye");
        }
        return rest;
    }

    private static String text(MailSink.Arrived one) {
        StringBuilder text = new StringBuilder(one.site() + " " + one.sender().split(" ")[0] + " -> "
                + String.join(",", one.recipients()).replaceAll(" NOTIFY=\\w+| ORCPT=\\S+", ""));
        for (String line : withoutReset(one.content())) {
            String same = line.replace("X-Stafette-", "X-Postfix-").replaceAll("queued as \\S+", "queued as ID");
            if (COMPARED.matcher(same).matches()) {
                text.append('\n').append(same);
            }
        }
        return text.toString();
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("ours"));
        int port = FreePorts.find();
        List<String> rows = List.of(LMTP_ROW, Side.row(port, "smtpd", List.of()));
        try (OurInstance ours = OurInstance.start(
                directory, mainCf(directory), rows, List.of(), systems.around().nameServer())) {
            return arrivals(port);
        }
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("postfix"));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(PostfixInstance.DELIVERY_ROWS);
        rows.add(LMTP_ROW);
        rows.add(Side.row(port, "smtpd", List.of()));
        try (PostfixInstance postfix = PostfixInstance.start(
                directory, mainCf(directory), rows, List.of(), systems.around().nameServer(), port)) {
            return arrivals(port);
        }
    }

    @Test
    void theSameReachesSendersAndPostmaster() throws Exception {
        List<String> there = postfix();
        assertEquals(String.join("\n\n", there), String.join("\n\n", ours()));
        assertEquals(ARRIVALS, there.size());
    }
}
