// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.error.ErrorTransport;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Letters that wait for the end of a turn wait for nothing else, and nobody waits for them. */
class LocalTurnTest {
    @TempDir
    private Path directory;

    private final KeptLog log = new KeptLog();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<String> events = new ArrayList<>();
    private final List<FileBody> bodies = new ArrayList<>();

    /** Another service. */
    private record Passed(List<String> events, LongSupplier letters) implements Transport {
        @Override
        public void deliver(DeliveryRequest request) {
            events.add("passed, joe has " + letters.getAsLong());
            ErrorTransport.bouncing().deliver(request);
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }

    @BeforeEach
    void begin() throws IOException {
        Path mail = Files.createDirectories(directory.resolve("mail"));
        Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
        StringBuilder accounts = new StringBuilder("nobody:x:65534:65534:nobody:/none:/bin/false\n");
        int ownId = (Integer) Files.getAttribute(directory, "unix:uid");
        for (String user : List.of("joe", "ann")) {
            Path home = Files.createDirectories(directory.resolve(user));
            accounts.append(user + ":x:" + (ownId == 0 ? 1000 : ownId) + ":8::" + home + ":/bin/sh\n");
        }
        Files.writeString(directory.resolve("passwd"), accounts);
    }

    @AfterEach
    void end() {
        bodies.forEach(body -> assertTrue(body.isReleased()));
        log.close();
    }

    private Transport transport(String line) throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "myhostname = mx.here.test\nmydestination = here.test\nrecipient_delimiter = +\nalias_maps =\n"
                        + "strict_mailbox_ownership = no\nmail_spool_directory = " + directory.resolve("mail") + "\n"
                        + line + "\n");
        Files.writeString(directory.resolve("master.cf"), "local unix - n n - - local\n");
        Configuration configuration = Configuration.read(directory, new LocalHost());
        TestTables tables = new TestTables(directory);
        AddressRewriter rewriter =
                AddressRewriter.of(configuration.settings(), AddressClasses.of(configuration.settings(), tables::open));
        LocalParts parts = new LocalParts(
                MailboxRoom.of(new TestIdentity(), AppendRecords.none(), "mx.here.test", tasks::add, log.log()),
                (order, body, nowMs) -> {
                    events.add("command, joe has " + letters());
                    return new CommandResult(
                            Kind.DELIVERED, RecipientEnd.sent("").status(), "");
                },
                (recipient, sender, inquiry) -> new Route("local", recipient.domain()),
                () -> rewriter,
                (envelope, body, deliveredTo, settles) -> new LocalParts.Forwarded("ID", null));
        return new LocalTransport(
                "local",
                "local",
                LocalSettings.of(configuration.settings(), tables::open),
                parts,
                name -> new Passed(events, this::letters),
                new UserAccounts(directory.resolve("passwd"), List.of()));
    }

    private long letters() {
        try (Stream<String> lines = Files.lines(directory.resolve("mail/joe"))) {
            return lines.filter(line -> line.startsWith("From ")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private void offer(Transport transport, TraceMode trace, String... recipients) {
        Envelope envelope = new Envelope(
                AddressList.split("s@s.test"),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                trace,
                null,
                Stream.of(recipients)
                        .map(one -> new EnvelopeRecipient(AddressList.split(one)))
                        .toList());
        FileBody body = FileBody.ofWire("Subject: s\r\n\r\ntext\r\n");
        bodies.add(body);
        transport.deliver(new DeliveryRequest(
                "ID",
                "here.test",
                envelope,
                IntStream.range(0, recipients.length).toArray(),
                body,
                (asked, report) -> events.add(
                        recipients[0] + " answered: " + report.outcomes()[0].text() + ", joe has " + letters()),
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                "mine"));
    }

    @Test
    void letterOfATurnLandsBeforeAProgramIsRun() throws IOException {
        Files.writeString(directory.resolve("joe/.forward+x"), "|program\n");
        Transport transport = transport("");
        offer(transport, TraceMode.NONE, "joe@here.test");
        offer(transport, TraceMode.NONE, "joe+x@here.test");
        offer(transport, TraceMode.NONE, "joe@here.test");
        tasks.remove().run();
        assertEquals(
                List.of(
                        "joe@here.test answered: delivered to mailbox, joe has 1",
                        "command, joe has 1",
                        "joe+x@here.test answered: delivered to command: program, joe has 1",
                        "joe@here.test answered: delivered to mailbox, joe has 2"),
                events);
    }

    @Test
    void letterOfATurnLandsBeforeAnotherServiceIsAsked() throws IOException {
        Transport transport = transport("mailbox_transport_maps = inline:{ann=other}");
        offer(transport, TraceMode.NONE, "joe@here.test", "ann@here.test");
        tasks.remove().run();
        assertEquals(List.of("passed, joe has 1", "joe@here.test answered: delivered to mailbox, joe has 1"), events);
    }

    /** A question waits for no letter. */
    @Test
    void answersEachAsSoonAsItIsDone() throws IOException {
        Transport transport = transport("");
        offer(transport, TraceMode.NONE, "joe@here.test");
        offer(transport, TraceMode.PROBE, "joe@here.test");
        offer(transport, TraceMode.NONE, "joe@here.test");
        tasks.remove().run();
        assertEquals(
                List.of(
                        "joe@here.test answered: delivers to mailbox, joe has 0",
                        "joe@here.test answered: delivered to mailbox, joe has 2",
                        "joe@here.test answered: delivered to mailbox, joe has 2"),
                events);
    }
}
