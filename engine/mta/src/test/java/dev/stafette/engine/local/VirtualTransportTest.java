// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.OutcomeListener;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.table.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtualTransportTest {
    @TempDir
    private Path directory;

    private final KeptLog log = new KeptLog();
    private final List<DeliveryReport> reports = new ArrayList<>();
    private final TestIdentity identity = new TestIdentity();
    private Executor workers = Runnable::run;

    @AfterEach
    void end() {
        log.close();
    }

    private Transport transport(String... lines) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "myhostname = mx.here.test\nmydestination =\nrecipient_delimiter = +\n"
                        + "strict_mailbox_ownership = no\nvirtual_mailbox_base = " + directory
                        + "\nvirtual_gid_maps = static:8\n"
                        + "virtual_uid_maps = static:1000\nvirtual_mailbox_maps = inline:{"
                        + "joe@v.test=mbox/joe, ann@v.test=dir/ann/, sub+box@v.test=dir/box/, @all.test=mbox/all}\n"
                        + String.join("\n", lines) + "\n");
        Files.writeString(directory.resolve("master.cf"), "virtual unix - n n - - virtual\n");
        Files.createDirectories(directory.resolve("mbox"));
        Configuration configuration = Configuration.read(directory, new LocalHost());
        MailboxRoom room = MailboxRoom.of(
                identity, AppendRecords.none(), "mx.here.test", task -> workers.execute(task), log.log());
        return VirtualTransport.of(
                "virtual", "virtual", configuration.settings(), new TestTables(directory)::open, room);
    }

    private static DeliveryRequest request(
            FileBody body, TraceMode trace, OutcomeListener listener, String... recipients) {
        List<EnvelopeRecipient> all = Arrays.stream(recipients)
                .map(one -> new EnvelopeRecipient(AddressList.split(one)))
                .toList();
        Envelope envelope = new Envelope(
                AddressList.split("s@s.test"), false, false, DsnReturn.UNSPECIFIED, null, trace, null, all);
        return new DeliveryRequest(
                "ID1",
                "v.test",
                envelope,
                IntStream.range(0, recipients.length).toArray(),
                body,
                listener,
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                "mine");
    }

    private List<String> deliver(Transport transport, TraceMode trace, String... recipients) throws IOException {
        FileBody body = FileBody.ofWire("Subject: s\r\n\r\ntext\r\n");
        transport.deliver(request(body, trace, (asked, report) -> reports.add(report), recipients));
        assertTrue(body.isReleased());
        return Arrays.stream(reports.remove(0).outcomes())
                .map(one -> one.kind() + " " + one.relay() + ' ' + one.status() + ' ' + one.text())
                .toList();
    }

    private List<String> deliver(Transport transport, String... recipients) throws IOException {
        return deliver(transport, TraceMode.NONE, recipients);
    }

    @Test
    void deliversToFilesAndDirectoriesThatTheTableNames() throws IOException {
        assertEquals(
                List.of(
                        "DELIVERED virtual 2.0.0 delivered to mailbox",
                        "DELIVERED virtual 2.0.0 delivered to maildir",
                        "DELIVERED virtual 2.0.0 delivered to maildir",
                        "DELIVERED virtual 2.0.0 delivered to mailbox",
                        "BOUNCED virtual 5.1.1 unknown user: \"nobody@v.test\""),
                deliver(transport(), "Joe+x@V.test", "ann@v.test", "sub+box@v.test", "who@all.test", "Nobody@v.test"));
        assertEquals("joe+x@v.test 1000:8", identity.asked().get(0));
        String text = Files.readString(directory.resolve("mbox/joe"));
        assertTrue(
                text.contains(
                        "Return-Path: <s@s.test>\nX-Original-To: Joe+x@V.test\nDelivered-To: Joe+x@V.test\nSubject"),
                text);
        try (Stream<Path> files = Files.list(directory.resolve("dir/ann/new"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void saysWhatIsMissingOfTheOwner() throws IOException {
        assertEquals(
                List.of("DEFERRED virtual 4.3.5 mail system configuration error"),
                deliver(transport("virtual_uid_maps =\n"), "joe@v.test"));
        assertEquals(
                List.of("DEFERRED virtual 4.3.5 mail system configuration error"),
                deliver(transport("virtual_gid_maps = static:x\n"), "joe@v.test"));
        assertEquals(
                List.of("DEFERRED virtual 4.3.5 mail system configuration error"),
                deliver(transport("virtual_minimum_uid = 77777777\n"), "joe@v.test"));
        assertEquals(
                List.of(
                        "virtual: warning: recipient joe@v.test: not found in virtual_uid_maps",
                        "virtual: warning: recipient joe@v.test: bad gid x in virtual_gid_maps",
                        "virtual: warning: recipient joe@v.test: bad uid 1000 in virtual_uid_maps"),
                log.lines());
    }

    @Test
    void defersWhatIsForAnotherAccountOfTheMachine() throws IOException {
        List<String> outcomes =
                deliver(transport("virtual_uid_maps = static:" + TestIdentity.FORBIDDEN + "\n"), "joe@v.test");
        assertEquals(List.of("DEFERRED virtual 4.3.0 cannot act as user joe@v.test"), outcomes);
        assertFalse(Files.exists(directory.resolve("mbox/joe")));
    }

    @Test
    void deliversNothingWithLimitsThatMessagesDoNotFit() throws IOException {
        assertEquals(
                List.of("DEFERRED virtual 4.3.0 mail transport unavailable"),
                deliver(transport("virtual_mailbox_limit = 1000\n"), "joe@v.test"));
        assertEquals(
                List.of("DEFERRED virtual 4.3.0 mail transport unavailable"),
                deliver(transport("virtual_mailbox_base = spool\n"), "joe@v.test"));
        assertEquals(
                List.of(
                        "virtual: warning: fatal: main.cf configuration error: virtual_mailbox_limit is smaller than "
                                + "message_size_limit",
                        "virtual: warning: fatal: do not specify relative pathname: virtual_mailbox_base = spool"),
                log.lines());
    }

    @Test
    void onlySaysWhatItWouldDo() throws IOException {
        assertEquals(
                List.of(
                        "DELIVERED virtual 2.0.0 delivers to mailbox",
                        "DELIVERED virtual 2.0.0 delivers to maildir",
                        "BOUNCED virtual 5.1.1 unknown user: \"x@v.test\""),
                deliver(transport(), TraceMode.PROBE, "joe@v.test", "ann@v.test", "x@v.test"));
        assertFalse(Files.exists(directory.resolve("mbox/joe")));
    }

    @Test
    void saysThatAMailboxIsNoFile() throws IOException {
        Files.createDirectories(directory.resolve("mbox/joe"));
        assertEquals(
                List.of("DEFERRED virtual 4.2.0 delivery failed to mailbox " + directory
                        + "/mbox/joe: cannot open file: Is a directory"),
                deliver(transport(), "joe@v.test"));
    }

    /** Of four that have come for one mailbox: one is too large, and one only asks. */
    @Test
    void deliversTogetherWhatHasComeForOneMailbox() throws IOException {
        Deque<Runnable> tasks = new ArrayDeque<>();
        workers = tasks::add;
        Transport transport = transport("virtual_mailbox_limit = 1000", "message_size_limit = 1000");
        List<String> answers = new ArrayList<>();
        List<FileBody> bodies = new ArrayList<>();
        List<String> lines = List.of("one", "x".repeat(2000), "two", "ask");
        for (String line : lines) {
            FileBody body = FileBody.ofWire("Subject: s\r\n\r\n" + line + "\r\n");
            bodies.add(body);
            TraceMode trace = line.equals("ask") ? TraceMode.PROBE : TraceMode.NONE;
            transport.deliver(request(
                    body,
                    trace,
                    (asked, report) -> answers.add(line.substring(0, 3) + ": " + report.outcomes()[0].status() + ' '
                            + report.outcomes()[0].text()),
                    "joe@v.test"));
        }
        assertEquals(1, tasks.size());
        tasks.remove().run();
        assertEquals(
                List.of(
                        "ask: 2.0.0 delivers to mailbox",
                        "one: 2.0.0 delivered to mailbox",
                        "xxx: 5.2.2 delivery failed to mailbox " + directory
                                + "/mbox/joe: error writing message: File too large",
                        "two: 2.0.0 delivered to mailbox"),
                answers);
        assertEquals(List.of("joe@v.test 1000:8"), identity.asked());
        assertTrue(Pattern.matches(
                "(?s)From (?:(?!From ).)*one\n\nFrom (?:(?!From ).)*two\n\n",
                Files.readString(directory.resolve("mbox/joe"))));
        bodies.forEach(body -> assertTrue(body.isReleased()));
    }
}
